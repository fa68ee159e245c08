"""One run: each work with all of its consumers, taking turns; then the report."""
import contextlib
import glob
import os
import subprocess
import time
from dataclasses import dataclass, replace

import report
import works
from consumer import Consumer, Spec, Uncounted
from lab import Lab, Noise

TRIES = 3  # of one measurement in a round
UNCOUNTED = (Uncounted, RuntimeError, subprocess.TimeoutExpired)  # what was measured failed, or a program of ours did
PATIENCE_S, GLANCE_S = 20, 0.3


@dataclass(frozen=True)
class Scale:
    """How much is measured at a time: drains in a row, seconds of TCP, round trips; and what goes before it."""

    drains: int
    bulk_s: int
    pings: int
    pauses_s: int
    rest_s: float  # from the beginning of a turn to what is measured
    warm_up_s: int
    warm_up_drains: int
    warm_up_bulk_s: int
    warm_up_pings_s: int


FULL, QUICK = Scale(3, 5, 100_000, 120, 1, 20, 12, 8, 8), Scale(1, 1, 2_000, 2, 0.2, 1, 1, 1, 1)


@dataclass(frozen=True)
class Context:
    home: str
    build: str
    scratch: str
    lab: Lab
    scale: Scale


def peers(home):
    """Every script of bench/peers but Gavel's."""
    names = {"limit-packed": works.LIMIT, "limit-batch": "C limit, VERDICT_BATCH", "classic": works.CLASSIC}
    scripts = sorted(glob.glob(f"{home}/bench/peers/*.sh"))
    keys = [os.path.basename(script)[:-3] for script in scripts]
    return [Spec(names.get(key, key), script) for key, script in zip(keys, scripts) if key != "gavel"]


def gavel(home, rules, workers, mixed=False, java="", against=""):
    name = f"{works.gavel(against)} {rules:,} rules" + (f", workers {workers}" if workers != "auto" else "")
    name += (", half dropped" if mixed else "") + (", the other Java" if java else "")
    return Spec(name, f"{home}/bench/peers/gavel.sh", rules, mixed, workers, java, against=against)


def consumers(name, arguments, home):
    """Who is put to a work: Gavel with all sizes of policy, with one, or with that and 1,000 rules, beside all others."""
    others, nothing = peers(home), [Spec(works.NO_QUEUE, "")]
    builds = [{}]
    builds += [{"java": arguments.java}] if arguments.java else []
    builds += [{"against": arguments.against}] if arguments.against else []
    ours = [gavel(home, rules, arguments.workers, **build) for rules in arguments.rules for build in builds]
    size = 10 if 10 in arguments.rules else min(arguments.rules)
    one_size = [spec for spec in ours if spec.rules == size]
    two_sizes = [spec for spec in ours if spec.rules in (size, 1000)]
    mixed = [gavel(home, size, "2", mixed=True, **build) for build in builds]
    starts = [replace(spec, name=spec.name + text, archive=archive)
              for spec in two_sizes for text, archive in ((", no archive", False), ("", True))]
    return {
        "drain": others + ours + mixed,
        "drain2": others + one_size,
        "bulk": nothing + others + ours,
        "bulk-nogso": nothing + others + one_size,
        "bulk2": nothing + others + two_sizes,
        "latency": nothing + others + one_size,
        "latency-busy": nothing + others + one_size,
        "start": others + starts,
        "pauses": one_size + [spec for spec in others if spec.name == works.LIMIT],
    }[name]


class Session:
    def __init__(self, arguments, context):
        self.arguments, self.context = arguments, context
        self.noise = Noise()
        self.results = report.Results(arguments, context.build)

    def measure_all(self):
        for name in self.arguments.only:
            with contextlib.ExitStack() as stack:
                started = list(self.started(name, stack))
                for number in range(1, self.arguments.rounds + 1):
                    # To and fro, so that nobody always comes first.
                    for consumer in started if number % 2 else reversed(started):
                        self.measure(number, name, consumer)

    def started(self, name, stack):
        """The consumers of a work, warmed up and stopped. A warm-up that fails is told, as round 0; a round may go well."""
        work = works.WORKS[name]
        for place, spec in enumerate(consumers(name, self.arguments, self.context.home)):
            try:
                consumer = stack.enter_context(Consumer(spec, work, self.context, place))
            except UNCOUNTED as why:
                self.results.add(0, name, spec.name, {"counted": False, "why": str(why)})
                continue
            try:
                with consumer.turn():
                    self.warm_up(consumer)
            except UNCOUNTED as why:
                self.results.add(0, name, spec.name, {"counted": False, "why": f"warm-up: {why}"})
            yield consumer

    def measure(self, number, name, consumer):
        try:
            with consumer.turn():
                for _ in range(TRIES):
                    self.wait_for_quiet()
                    attempt = self.attempt(consumer)
                    self.results.add(number, name, consumer.spec.name, attempt)
                    if attempt["counted"]:
                        break
        except UNCOUNTED as why:
            self.results.add(number, name, consumer.spec.name, {"counted": False, "why": str(why)})

    @staticmethod
    def warm_up(consumer):
        """Afterwards memory was touched once, and most of what Gavel's JVM compiles is compiled."""
        work, scale = consumer.work, consumer.context.scale
        if work.columns == works.START:
            works.start(consumer)
            return
        if consumer.spec.is_gavel():
            works.warm_up(consumer, scale.warm_up_s)
        if work.columns == works.BULK:
            works.iperf3(work, scale.warm_up_bulk_s)
        elif consumer.numbers:
            for _ in range(scale.warm_up_drains):
                works.drain_once(consumer)
            if work.columns == works.LATENCY:
                works.latency(consumer, requests=works.for_seconds(scale.warm_up_pings_s))

    def wait_for_quiet(self):
        """A while at most: whoever keeps the machine busy for longer is found out by the measurement."""
        patience = 0 if self.arguments.noisy else PATIENCE_S
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            ticks = self.noise.ticks()
            time.sleep(GLANCE_S)
            if self.noise.cores(ticks, GLANCE_S) <= self.arguments.noise:
                break

    def attempt(self, consumer):
        work = consumer.work
        try:
            gaps = 0 if work.columns == works.START else consumer.gaps()  # a new process counts from 0
            ticks, start = self.noise.ticks(), time.monotonic()
            values = work.measure(consumer)
            noise = self.noise.cores(ticks, time.monotonic() - start)
            consumer.check_policies()
            missed = consumer.gaps() - gaps
            if missed:
                raise Uncounted(f"gavel_packet_id_gaps_total has risen by {missed:.0f}")
        except UNCOUNTED as why:
            return {"counted": False, "why": str(why)}
        why = "others were busy" if noise > self.arguments.noise else values.pop("why", "")
        return {**values, "counted": not why or self.arguments.noisy, "why": why, "noise": round(noise, 3)}


def run(arguments, home, build):
    scratch = "/run/bench"  # ends with the namespaces
    os.mkdir(scratch)
    session = Session(arguments, Context(home, build, scratch, Lab(), QUICK if arguments.quick else FULL))
    session.measure_all()
    return session.results.finish()
