"""What consumers are put to. Each work returns its numbers, and as "why" what disturbed them, or raises Uncounted."""
import contextlib
import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Callable

import lab
from consumer import Uncounted

PACKETS = 60_000  # a queue
BACKGROUND = 50_000  # packets a second
SETTLE_S = 2
IDLE_S = 1  # from the first verdict to a look at the memory


@dataclass(frozen=True)
class Work:
    title: str
    measure: Callable
    columns: tuple
    queues: int = 1
    streams: int = 1  # of TCP, through each of them
    gso: bool = True
    java_options: str = ""  # beside those of the launcher
    asked_for: bool = False  # only made where `--only` names it


@contextlib.contextmanager
def lossless(consumer, packets=None):
    """Holds the kernel to having lost nothing, and to having seen exactly so many packets, if that is known."""
    before = consumer.queues()
    yield
    settle(consumer)
    after = consumer.queues()
    if len(before) != len(consumer.numbers) or before.keys() != after.keys():
        raise Uncounted("a queue has gone")
    lost = sum(after[number].lost - before[number].lost for number in after)
    came = [after[number].sequence - before[number].sequence & 0xFFFFFFFF for number in after]
    seen = sum(came)
    left = sum(queue.waiting for queue in after.values())
    if not all(came):
        raise Uncounted("no packet came to a queue")
    if lost or left or packets not in (None, seen):
        raise Uncounted(f"{lost} packets lost, {left} left, {seen} seen of {packets or 'so many'}")


def waiting(consumer):
    return sum(queue.waiting for queue in consumer.queues().values())


def settle(consumer):
    """A moment in which the last packets are judged."""
    deadline = time.monotonic() + SETTLE_S
    while waiting(consumer) and time.monotonic() < deadline:
        time.sleep(0.01)


def generate(build, rate, count=1 << 40):
    """The command that sends packets from the client, so many a second, or with 0 as fast as it can."""
    return lab.at_client(f"{build}/generate", lab.SERVER, lab.DROPPED_PORT, count, rate)


def fill(consumer, wanted):
    """Packets that got lost before the queue, in the backlog of the cable, are sent again."""
    for _ in range(20):
        held, before = waiting(consumer), -1
        while held != before:
            time.sleep(0.005)
            held, before = waiting(consumer), held
        if held >= wanted:
            return
        lab.run(*generate(consumer.context.build, 0, wanted - held))
    raise Uncounted(f"{held} packets held of {wanted}")


def warm_up(consumer, seconds):
    """So many packets, and reads of the metrics, that what matters is compiled; so few that the compilers get time."""
    consumer.scraper.interval_s = 0.05
    with running(*generate(consumer.context.build, 3 * BACKGROUND)):
        time.sleep(seconds)
    consumer.scraper.interval_s = 1
    settle(consumer)


def drain_once(consumer):
    """Nanoseconds until the queues are empty, and of CPU time."""
    numbers, packets = consumer.numbers, PACKETS * len(consumer.numbers)
    with lossless(consumer, packets):
        consumer.pause()
        fill(consumer, packets)
        cpu = consumer.cpu_ns()
        pids = (process.pid for process in consumer.processes)
        took, left = map(int, lab.run(f"{consumer.context.build}/drain", numbers[0], numbers[-1], *pids).split())
        cpu = consumer.cpu_ns() - cpu
        if left:
            raise Uncounted(f"{left} packets left")
    return took, cpu


def drain(consumer):
    drains = consumer.context.scale.drains
    took, cpu = (sum(column) for column in zip(*(drain_once(consumer) for _ in range(drains))))
    packets = PACKETS * len(consumer.numbers) * drains
    return {"kpps": packets / took * 1e6, "cpu_ns": cpu / packets}


def iperf3(work, seconds):
    """Bits a second, and bytes, of all TCP streams of a work."""
    ports = lab.TCP_PORTS[:work.queues]
    with contextlib.ExitStack() as stack:
        for port in ports:
            server = ("iperf3", "-s", "-1", "-B", lab.SERVER, "-p", port, "--logfile", "/dev/null")
            stack.enter_context(running(*server))
        clients = [lab.at_client("iperf3", "-c", lab.SERVER, "-p", port, "-P", work.streams, "-t", seconds, "-J")
                   for port in ports]
        with ThreadPoolExecutor() as pool:
            outputs = list(pool.map(lambda client: lab.run(*client, timeout=seconds + 20), clients))
    received = [json.loads(output)["end"]["sum_received"] for output in outputs]
    return sum(one["bits_per_second"] for one in received), sum(one["bytes"] for one in received)


def bulk(consumer):
    with lossless(consumer):
        cpu = consumer.cpu_ns()
        speed, received = iperf3(consumer.work, consumer.context.scale.bulk_s)
        cpu = consumer.cpu_ns() - cpu
    values = {"gbps": speed / 1e9, "cpu_s_gb": cpu / received}
    return {**values, "resident_mb": consumer.resident_mb()} if consumer.numbers else values


def start(consumer):
    """Ends it and starts it anew: the time from the exec of its command to the first packet that it lets pass, and what
    is resident a while later."""
    if not consumer.end():
        raise Uncounted("it did not end when it was told to")
    begin = time.monotonic()
    consumer.launch()
    consumer.wait_until_it_judges()
    took = time.monotonic() - begin
    time.sleep(IDLE_S)
    return {"start_ms": took * 1e3, "resident_mb": consumer.resident_mb()}


@contextlib.contextmanager
def running(*command):
    """A program that runs meanwhile; yields what gives its output, which ends it."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)

    def end():
        process.terminate()
        return process.communicate()[0]

    time.sleep(0.2)
    try:
        yield end
    finally:
        if process.poll() is None:
            end()


def for_seconds(seconds):
    return 1 << 26, seconds


def latency(consumer, background=0, requests=None):
    build, requests = consumer.context.build, requests or (consumer.context.scale.pings,)
    ask = lab.at_client(f"{build}/ping", "ask", lab.SERVER, lab.PING_PORT, *requests)
    with lossless(consumer), running(f"{build}/ping", "serve", lab.SERVER, lab.PING_PORT):
        start = time.monotonic()
        with running(*generate(build, background)) if background else contextlib.nullcontext() as end:
            lost, *times = map(int, lab.run(*ask).split())
            beside = int(end()) / (time.monotonic() - start) if end else 0
    if lost:
        raise Uncounted(f"{lost} requests not answered")
    values = dict(zip(("p50_us", "p99_us", "p999_us", "p9999_us", "max_us"), (time / 1e3 for time in times)))
    if abs(beside - background) > background / 10:
        values["why"] = f"{beside:.0f} packets a second beside it"
    return values


def pauses(consumer):
    before = len(consumer.stops_ms())
    values = latency(consumer, BACKGROUND, for_seconds(consumer.context.scale.pauses_s))
    stops = consumer.stops_ms()[before:]
    return {**values, "stop_ms": max(stops, default=0.0), "stops": len(stops)}


@dataclass(frozen=True)
class Column:
    """One number of a measurement, its median and range; `over` names the consumers that divide it."""

    key: str
    title: str
    digits: int
    over: tuple = ()
    above: str = ""  # the consumer whose median is subtracted


def gavel(against=""):
    """How the names of Gavel's rows begin: those of this checkout, or of an older commit."""
    return f"Gavel {against}," if against else "Gavel,"


LIMIT, CLASSIC, NO_QUEUE = "C limit, packed", "C, one by one", "no queue"
DRAIN = (Column("kpps", "kpps", 0, (LIMIT, CLASSIC)), Column("cpu_ns", "CPU ns a packet", 0, (LIMIT,)))
RESIDENT = Column("resident_mb", "resident MB", 0)
BULK = (Column("gbps", "Gbit/s", 2, (LIMIT, CLASSIC)), Column("cpu_s_gb", "CPU s/GB", 3), RESIDENT)
START = (Column("start_ms", "first verdict, ms", 0), RESIDENT)
LATENCY = (Column("p50_us", "p50 µs", 1, above=NO_QUEUE), Column("p99_us", "p99", 1, above=NO_QUEUE),
           Column("p999_us", "p99.9", 1, above=NO_QUEUE), Column("max_us", "max", 0))
PAUSES = (Column("p99_us", "p99 µs", 1), Column("p999_us", "p99.9", 1), Column("p9999_us", "p99.99", 0, above=LIMIT),
          Column("max_us", "max", 0), Column("stop_ms", "longest stop of the JVM, ms", 2), Column("stops", "stops", 0))

WORKS = {
    "drain": Work("Drain, one queue", drain, DRAIN),
    "drain2": Work("Drain, two queues", drain, DRAIN, queues=2),
    "bulk": Work("One TCP stream, super-packets taken whole (GSO)", bulk, BULK),
    "bulk-nogso": Work("One TCP stream, without GSO", bulk, BULK, gso=False),
    "bulk2": Work("Four TCP streams through each of two queues (GSO)", bulk, BULK, queues=2, streams=4),
    "latency": Work("Round trips of UDP, idle", latency, LATENCY),
    "latency-busy": Work(
        f"Round trips of UDP beside {BACKGROUND:,} packets/s", partial(latency, background=BACKGROUND), LATENCY),
    "start": Work("From exec to the first verdict", start, START),
    "pauses": Work(
        f"Round trips of UDP for long, beside {BACKGROUND:,} packets/s", pauses, PAUSES,
        java_options="-Xlog:safepoint:file=safepoints:none", asked_for=True),
}
