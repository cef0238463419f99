"""Who may do what at which address: one row for each address there is. What is not here must not exist."""

from __future__ import annotations

from dataclasses import dataclass, field

PLANNER, POLITICIAN, ANALYST, AUDITOR, ADMINISTRATOR = "planner", "politician", "analyst", "auditor", "administrator"
EVERYBODY = frozenset({PLANNER, POLITICIAN, ANALYST, AUDITOR, ADMINISTRATOR})
NATIONAL = frozenset({ANALYST, AUDITOR, ADMINISTRATOR})
MAKERS = frozenset({PLANNER, ANALYST, ADMINISTRATOR})
MANAGERS = frozenset({ADMINISTRATOR})


@dataclass(frozen=True)
class Row:
    """One address.

    Attributes:
        may: roles that get an answer; all others get 403.
        own: what stands in the address for something both local roles see.
        other: what stands there for something that is not theirs: they get 404, national roles get an answer.
        public: whether it answers those who are not signed in; all others are sent to sign in.
        post: whether it takes POST alone.
        answers: status of a good answer.
        stranger: status for those who are not signed in: 302 leads to the form, 401 tells a program.
    """

    may: frozenset[str] = EVERYBODY
    own: dict[str, str | int] = field(default_factory=dict)
    other: dict[str, str | int] = field(default_factory=dict)
    public: bool = False
    post: bool = False
    answers: int = 200
    stranger: int = 302


MATRIX: dict[str, Row] = {
    "healthz": Row(public=True),
    "readyz": Row(public=True),
    "language": Row(public=True, post=True, answers=302),
    "accessibility": Row(public=True),
    "overview:overview": Row(),
    "accounts:account": Row(),
    "accounts:sign-in": Row(public=True, answers=302),
    "accounts:oidc": Row(public=True, answers=404),  # not configured: see test_oidc
    "accounts:oidc-back": Row(public=True, answers=404),
    "accounts:sign-out": Row(post=True, answers=302),
    "accounts:password": Row(),
    "accounts:stay": Row(answers=204),
    "accounts:second-step": Row(answers=302),
    "accounts:second-step-set-up": Row(),
    "users:users": Row(may=MANAGERS),
    "users:new": Row(may=MANAGERS),
    "users:make": Row(may=MANAGERS, post=True, answers=422),
    "users:user": Row(may=MANAGERS, own={"account_id": 0}),
    **{
        f"users:{verb}": Row(may=MANAGERS, post=True, own={"account_id": 0}, answers=422)
        for verb in ("change", "switch-off", "switch-on", "new-password", "take-second-step-away", "forget-provider")
    },
    "drafts:discard": Row(post=True, own={"draft_id": 0}, answers=404),  # one's own: see test_drafts
    "areas:areas": Row(),
    "areas:area": Row(own={"area_id": "0101"}, other={"area_id": "0751"}),
    "areas:map": Row(),
    "areas:area-map": Row(own={"area_id": "0101"}, other={"area_id": "0751"}),
    "practices:practices": Row(),
    "practices:practice": Row(own={"practice_id": "OWN"}, other={"practice_id": "OTHER"}),
    "coverage:coverage": Row(),
    "coverage:map": Row(),
    "coverage:places": Row(),
    "coverage:csv": Row(),
    "coverage:what-if": Row(),
    "runs:runs": Row(),
    "comparisons:compare": Row(),
    "comparisons:csv": Row(),
    "comparisons:find-causes": Row(may=MAKERS, post=True, answers=404),  # asked for rightly: see test_comparisons
    "runs:run": Row(own={"run_id": "RUN"}),
    "runs:download": Row(own={"run_id": "RUN", "name": "plan.datapackage.zip"}),
    "runs:report": Row(may=NATIONAL, own={"run_id": "RUN", "page": "index.html"}),
    "jobs:jobs": Row(may=MAKERS | {AUDITOR}),
    "jobs:job": Row(may=MAKERS | {AUDITOR}, own={"job_id": 0}),
    "jobs:ask": Row(may=MAKERS, post=True, answers=422),
    "jobs:repeat": Row(may=MAKERS, post=True, own={"run_id": "RUN"}, answers=302),
    "jobs:cancel": Row(may=MAKERS, post=True, own={"job_id": 0}, answers=302),
    "jobs:ask-again": Row(may=MAKERS, post=True, own={"job_id": 0}, answers=302),
    "placement:searches": Row(may=MAKERS | {AUDITOR}),
    "placement:ask": Row(may=MAKERS),
    **{
        f"placement:{name}": Row(may=MAKERS | {AUDITOR}, own={"search_id": "OWN"}, other={"search_id": "OTHER"})
        for name in ("search", "map", "csv", "geojson")
    },
    "placement:place": Row(
        may=MAKERS | {AUDITOR},
        own={"search_id": "OWN", "site": "1km_6175_725"},
        other={"search_id": "OTHER", "site": "1km_6175_725"},
    ),
    **{
        f"placement:{name}": Row(may=MAKERS | {AUDITOR}, own={"search_ids": "OWN"}, other={"search_ids": "OTHER"})
        for name in ("compare", "compare-map")
    },
    "placement:ask-again": Row(
        may=MAKERS, post=True, own={"search_id": "OWN"}, other={"search_id": "OTHER"}, answers=302
    ),
    "placement:cancel": Row(may=MAKERS, post=True, own={"search_id": "OWN"}, other={"search_id": "OTHER"}, answers=302),
    "imports:imports": Row(may=MAKERS | {AUDITOR}),
    "imports:begin": Row(may=MAKERS, post=True, answers=422),
    "imports:example": Row(may=MAKERS | {AUDITOR}, own={"kind": "capacities", "form": "xlsx"}),
    "imports:import": Row(may=MAKERS | {AUDITOR}, own={"import_id": "OWN"}, other={"import_id": "OTHER"}),
    **{
        f"imports:{verb}": Row(
            may=MAKERS, post=True, own={"import_id": "OWN"}, other={"import_id": "OTHER"}, answers=302
        )
        for verb in ("confirm", "discard", "undo")
    },
    "lawbook:parameters": Row(),
    "lawbook:parameter": Row(own={"name": "minimum.list_maximum"}),
    "programs:docs": Row(),
    "programs:make-key": Row(post=True, answers=422),
    "programs:revoke-key": Row(post=True, own={"key_id": 0}, answers=404),  # one's own: see test_api
    "api:openapi-json": Row(public=True),
    "api:api-root": Row(public=True, answers=404),
    "api:runs": Row(stranger=401),
    "api:run": Row(own={"run_id": "RUN"}, stranger=401),
    "api:areas": Row(own={"run_id": "newest"}, stranger=401),
    **{
        f"api:{name}": Row(
            own={"run_id": "RUN", "area_id": "0101"}, other={"run_id": "RUN", "area_id": "0751"}, stranger=401
        )
        for name in ("area", "area-why")
    },
    "api:practices": Row(own={"run_id": "RUN"}, stranger=401),
    **{
        f"api:{name}": Row(
            own={"run_id": "RUN", "practice_id": "OWN"}, other={"run_id": "RUN", "practice_id": "OTHER"}, stranger=401
        )
        for name in ("practice", "practice-why")
    },
    "api:changes": Row(own={"run_id": "RUN"}, answers=422, stranger=401),  # asked for rightly: see test_api
    "api:what-if": Row(own={"run_id": "RUN"}, answers=422, stranger=401),
    "api:settlements": Row(own={"run_id": "RUN"}, stranger=401),
    **{
        f"api:{name}": Row(own={"run_id": "RUN"}, stranger=401)
        for name in ("run-overview", "run-coverage", "run-rules", "run-assumptions", "run-sources", "files")
    },
    "api:file": Row(own={"run_id": "RUN", "name": "plan.datapackage.zip"}, stranger=401),
    "api:causes": Row(own={"run_id": "RUN"}, answers=422, stranger=401),
    "api:comparisons": Row(stranger=401),
    "api:searches": Row(may=MAKERS | {AUDITOR}, stranger=401),
    "api:search": Row(may=MAKERS | {AUDITOR}, own={"search_id": "OWN"}, other={"search_id": "OTHER"}, stranger=401),
    "api:imports": Row(may=MAKERS | {AUDITOR}, stranger=401),
    "api:import": Row(may=MAKERS | {AUDITOR}, own={"import_id": "OWN"}, other={"import_id": "OTHER"}, stranger=401),
    "api:snapshots": Row(stranger=401),
    "api:calendar": Row(stranger=401),
    "api:parameters": Row(stranger=401),
    "api:parameter": Row(own={"name": "minimum.list_maximum"}, stranger=401),
    "api:jobs": Row(may=MAKERS | {AUDITOR}, stranger=401),
    "api:job": Row(may=MAKERS | {AUDITOR}, own={"job_id": 0}, stranger=401),
    "api:events": Row(may=frozenset({AUDITOR}), stranger=401),
    "audit:events": Row(may=frozenset({AUDITOR})),
    "audit:export": Row(may=frozenset({AUDITOR}), post=True, answers=422),  # asked for rightly: see test_audit_export
}
