"""What officers do all day in the web application, for locust: each signs in once and goes from page to page."""

from __future__ import annotations

import random
import re

from locust import HttpUser, between, task

PASSWORD = "fordel-demo-2026"  # noqa: S105 - the demo prints it for everybody to see
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PRACTICE = re.compile(r'href="/praksis/(\d{6})/"')
AREA = re.compile(r'href="/omraader/([\w-]+)/"')
RUN = re.compile(r'href="/koersler/([0-9a-f]{64})/"')


class Officer(HttpUser):
    """An ordinary user: a planner, who sees one region. Reads for some seconds, then goes on."""

    wait_time = between(4, 12)

    def on_start(self) -> None:
        """Sign in, and note which practices and areas there are."""
        page = self.client.get("/konto/log-ind/").text
        given = {"csrfmiddlewaretoken": TOKEN.findall(page)[0], "username": "planlaegger", "password": PASSWORD}
        self.client.post("/konto/log-ind/", given, headers={"Referer": self.host or ""})
        self.practices = PRACTICE.findall(self.client.get("/praksis/").text)
        self.areas = AREA.findall(self.client.get("/omraader/").text)
        self.towns: list[str] = []
        self.runs: list[str] = []

    @task(3)
    def overview(self) -> None:
        """Look what is due."""
        self.client.get("/")

    @task(3)
    def tree_of_areas(self) -> None:
        """Look at all areas, and their map."""
        self.client.get("/omraader/")
        self.client.get("/omraader/kort.svg")

    @task(4)
    def one_area(self) -> None:
        """Look at one area, and why."""
        self.client.get(f"/omraader/{random.choice(self.areas)}/", name="/omraader/[id]/")  # noqa: S311

    @task(4)
    def list_of_practices(self) -> None:
        """Look for practices that are open and below their minimum."""
        self.client.get("/praksis/?tilgang=aaben&minimum=under", name="/praksis/?[filter]")

    @task(6)
    def one_practice(self) -> None:
        """Look at one practice, and why."""
        self.client.get(f"/praksis/{random.choice(self.practices)}/", name="/praksis/[id]/")  # noqa: S311

    @task(2)
    def coverage(self) -> None:
        """Look at coverage and its map."""
        self.client.get("/daekning/")
        self.towns = [str(town[0]) for town in self.client.get("/daekning/kort.json").json()["settlements"]]

    @task(2)
    def what_if(self) -> None:
        """Ask what happens when a practice closes."""
        practice = random.choice(self.practices)  # noqa: S311
        self.client.get(f"/daekning/hvis/?lukket={practice}", name="/daekning/hvis/?[practice]")

    @task(1)
    def what_if_one_opens(self) -> None:
        """Ask what happens when a practice closes and another opens in a town."""
        if not self.towns:
            self.coverage()
            return
        practice, town = random.choice(self.practices), random.choice(self.towns)  # noqa: S311
        self.client.get(f"/daekning/hvis/?lukket={practice}&ny={town}", name="/daekning/hvis/?[practice][town]")

    @task(1)
    def two_runs(self) -> None:
        """See what changed from one run to another."""
        if len(self.runs) < 2:
            self.list_of_runs()
            return
        before, after = random.sample(self.runs, 2)
        self.client.get(f"/koersler/sammenlign/?fra={before}&til={after}", name="/koersler/sammenlign/?[two runs]")

    @task(1)
    def placement(self) -> None:
        """Look at the searches for places, and begin a new one."""
        self.client.get("/placering/")
        self.client.get("/placering/ny/")

    @task(1)
    def law(self) -> None:
        """Look something up in the law book."""
        self.client.get("/lov/")

    @task(1)
    def list_of_runs(self) -> None:
        """See which runs there are."""
        self.runs = RUN.findall(self.client.get("/koersler/").text)
