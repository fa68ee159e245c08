"""What is measured: a command of bench/peers that binds a queue and judges."""
import contextlib
import glob
import http.client
import os
import random
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

import lab

MAX_LENGTH, RECEIVE_BUFFER, COPY_RANGE = 65536, 512 << 20, 65531  # of everybody
METRICS_PORT = 19464  # and up, one a place
START_S, STOP_S = 60, 10
SETTINGS_S = 0.5  # from a queue's bind to its settings
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Spec:
    """A command of bench/peers; `rules` and what follows are Gavel's. Without a command: nothing, and no queue."""

    name: str
    script: str
    rules: int = 0
    mixed: bool = False  # every second packet is dropped
    workers: str = ""
    java: str = ""  # its Java, if it is not the one that the launcher finds
    archive: bool = True  # of classes, made by that Java
    against: str = ""  # the commit that it was built of, if it is not this checkout's

    def is_gavel(self):
        return self.script.endswith("/gavel.sh")

    def installation(self):
        """Which of those that bench/run has made."""
        if self.against:
            return "archive-against" if self.archive else "plain-against"
        return ("archive-other" if self.java else "archive") if self.archive else "plain"


def literal(number):
    """Of the rule with this number, 8 to 24 bytes: each has a dot, which no payload of `generate` or `ping` has."""
    letters = random.Random(number)
    return f"{number:x}." + "".join(letters.choice("xyz0123456789-_/") for _ in range(letters.randint(6, 18)))


def write_policies(spec, folder):
    os.makedirs(folder, exist_ok=True)
    rules = ["""  - {name: every-second, when: 'payload starts_with "B"', verdict: drop}"""] if spec.mixed else []
    for number in range(1, spec.rules + 1):
        when = f"""'payload icontains "{literal(number)}"'"""
        event = ", event: true" if number == spec.rules else ""
        rules.append(f"  - {{name: r{number}, when: {when}, verdict: drop{event}}}")
    if rules:
        with open(f"{folder}/10-bench.yaml", "w") as file:
            file.write("policy: bench\nrules:\n" + "\n".join(rules) + "\n")


class Scraper(threading.Thread):
    """Reads Gavel's metrics once a second for one turn, by one connection, as Prometheus does."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port = port
        self.done = threading.Event()
        self.interval_s = 1

    def run(self):
        connection = to_metrics(self.port)
        while not self.done.is_set():
            with contextlib.suppress(Uncounted):
                read_metrics(connection)
            self.done.wait(self.interval_s)


def to_metrics(port):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def read_metrics(connection):
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException) as e:
        connection.close()  # the next request opens it
        raise Uncounted(f"no metrics: {e}") from e


class Consumer:
    """Runs in its context; stopped, but in its turns. `place` among all that run beside it gives its numbers."""

    def __init__(self, spec, work, context, place):
        self.spec, self.work, self.context = spec, work, context
        self.numbers = range(place * work.queues, (place + 1) * work.queues) if spec.script else []
        self.metrics_port = METRICS_PORT + place
        self.folder = f"{context.scratch}/{spec.name.replace(' ', '-').replace(',', '')}"
        write_policies(spec, f"{self.folder}/policies")
        self.environment = {
            **os.environ,
            "BENCH_GAVEL": f"{context.build}/{spec.installation()}",
            "BENCH_BUILD": context.build, "BENCH_FOLDER": self.folder,
            "BENCH_MAX_LENGTH": str(MAX_LENGTH), "BENCH_RECEIVE_BUFFER": str(RECEIVE_BUFFER),
            "BENCH_COPY_RANGE": str(COPY_RANGE), "BENCH_GSO": str(int(work.gso)), "BENCH_WORKERS": spec.workers,
            "BENCH_METRICS": f"127.0.0.1:{self.metrics_port}",
            "GAVEL_OPTS": " ".join([os.environ.get("GAVEL_OPTS", ""), work.java_options]).strip(),
        }
        if spec.java:
            self.environment["GAVEL_JAVA"] = spec.java
        self.processes = []

    def __enter__(self):
        self.launch()
        try:
            self._wait(lambda: len(self.queues()) == len(self.numbers), START_S)
            time.sleep(SETTINGS_S)
            if self.spec.is_gavel():
                self._wait(self._answers, START_S)
            self.pause()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def launch(self):
        numbers = [str(number) for number in self.numbers]
        if self.spec.is_gavel():
            numbers = ["-".join(numbers)]
        with open(f"{self.folder}/log", "w") as log:
            self.processes = [
                subprocess.Popen(
                    [self.spec.script, number], env=self.environment, cwd=self.folder, start_new_session=True,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)
                for number in numbers]

    def end(self):
        """Whether it has ended by itself when it was told to, and its queues are gone."""
        for number in (signal.SIGCONT, signal.SIGTERM):
            self._signal(number)
        try:
            for process in self.processes:
                process.wait(STOP_S)
            by_itself = True
        except subprocess.TimeoutExpired:
            by_itself = False
        self._signal(signal.SIGKILL)  # whoever is left of a group, too
        for process in self.processes:
            process.wait()
        deadline = time.monotonic() + STOP_S
        while self.queues() and time.monotonic() < deadline:
            time.sleep(0.01)
        return by_itself and not self.queues()

    def wait_until_it_judges(self):
        """Sends it a packet each millisecond, until it has let one pass."""
        payload = b"first " + os.urandom(8).hex().encode()
        self._wait(lambda: self.context.lab.arrives(payload), START_S, nap_s=0)

    def queues(self):
        """What the kernel tells of ours, by number."""
        return {number: queue for number, queue in lab.queues().items() if number in self.numbers}

    @contextlib.contextmanager
    def turn(self):
        """All packets come to us; we run, and nobody else does. Begins with a rest, for timers that ran out meanwhile."""
        self.scraper = Scraper(self.metrics_port)
        try:
            self.context.lab.steer(self.numbers)
            self._signal(signal.SIGCONT)
            if self.spec.is_gavel():
                self.scraper.start()
            time.sleep(self.context.scale.rest_s)
            yield
        finally:
            self.scraper.done.set()
            try:
                self.context.lab.steer([])
            finally:
                self.pause()

    def _wait(self, condition, seconds, nap_s=0.01):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline or any(process.poll() is not None for process in self.processes):
                with open(f"{self.folder}/log") as log:
                    raise RuntimeError(f"{self.spec.name} has ended, or kept us waiting:\n{log.read()[-2000:]}")
            time.sleep(nap_s)

    def _metrics(self):
        return read_metrics(to_metrics(self.metrics_port))

    def _answers(self):
        try:
            return "gavel_packets_total" in self._metrics()
        except Uncounted:
            return False

    def _signal(self, number):
        for process in self.processes:
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                pass

    def _members(self):
        """Processes of our commands: each is the leader of a session."""
        leaders = {process.pid for process in self.processes}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.getsid(int(entry)) in leaders:
                    yield int(entry)
            except ProcessLookupError:
                pass

    def pause(self):
        """Stops every thread. A turn begins with SIGCONT, and `drain` sends it too."""
        self._signal(signal.SIGSTOP)

        def is_stopped(path):
            try:
                with open(path) as file:
                    return file.read().rsplit(")", 1)[1].split()[0] in "TZ"
            except (FileNotFoundError, ProcessLookupError):
                return True  # it has just ended

        self._wait(lambda: all(is_stopped(path) for member in self._members()
                               for path in glob.glob(f"/proc/{member}/task/*/stat")), STOP_S)

    def cpu_ns(self):
        """CPU time of all threads, ended ones too: the clock of each process, see clock_getcpuclockid(3)."""
        try:
            return sum(time.clock_gettime_ns(~member << 3 | 2) for member in self._members())
        except OSError as e:
            raise Uncounted("a process has ended") from e

    def resident_mb(self):
        """Memory of all its processes, their shared pages too; see proc_pid_statm(5)."""
        pages = 0
        try:
            for member in self._members():
                with open(f"/proc/{member}/statm") as file:
                    pages += int(file.read().split()[1])
        except OSError as e:
            raise Uncounted("a process has ended") from e
        return pages * PAGE / 1e6

    def stops_ms(self):
        """How long all threads of the JVM stood still, each time so far, by its log of safepoints. C has no such stops."""
        if not self.spec.is_gavel():
            return []
        try:
            with open(f"{self.folder}/safepoints") as file:
                return [int(total) / 1e6 for total in re.findall(r"Total: +(\d+) ns", file.read())]
        except FileNotFoundError as e:
            raise Uncounted("no log of safepoints") from e

    def check_policies(self):
        """Sends the control packets: what matches the last rule must not arrive, by either queue; all else must."""
        passes = self.context.lab.passes
        for sender in range(len(self.numbers)):
            if not passes(sender, b"control"):
                raise Uncounted("the control packet that matches no rule did not arrive")
            if self.spec.rules and passes(sender, b"control " + literal(self.spec.rules).encode()):
                raise Uncounted("the control packet that matches the last rule arrived")
            if self.spec.mixed and passes(sender, b"B control"):
                raise Uncounted("the control packet that is one of every second arrived")

    def gaps(self):
        """Ids that Gavel has missed so far, by its metrics; C does not look."""
        if not self.spec.is_gavel():
            return 0.0
        gaps = re.findall(r"^gavel_packet_id_gaps_total\{.*\} (\S+)", self._metrics(), re.MULTILINE)
        if len(gaps) != len(self.numbers):
            raise Uncounted(f"gavel_packet_id_gaps_total is there for {len(gaps)} queues")
        return sum(map(float, gaps))


class Uncounted(Exception):
    """Why a measurement does not count."""
