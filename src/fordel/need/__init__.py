"""Treatment need (behandlingsbehov): from need weights per group to weighted citizens per practice and area."""

from fordel.need.rules import NeedParams, need_weight
from fordel.need.weigh import weigh

__all__ = ["NeedParams", "need_weight", "weigh"]
