"""Two network namespaces with a cable between them, the queue rules, and what the kernel tells of it all.

The harness itself lives in the server's namespace; the client's is called "client"."""
import ctypes
import os
import socket
import subprocess

CLIENT, SERVER = "10.98.0.1", "10.98.0.2"
DROPPED_PORT, PING_PORT, CONTROL_PORT = 9000, 9001, 9002  # what goes to the first port is dropped behind the queue
CONTROL_SOURCES = (39999, 40016)  # one port a queue, beside the ports of `generate`
SECOND_QUEUE = "40008:40016"  # source ports whose packets go to the second queue, if there is one
TCP_PORTS = (5201, 5202)  # of iperf3, one a queue
CLONE_NEWNET = 0x40000000
PATIENCE_S = 5  # with control packets
TICKS = os.sysconf("SC_CLK_TCK")


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr or done.stdout}")
    return done.stdout


def at_client(*command):
    return ["ip", "netns", "exec", "client", *(str(part) for part in command)]


class Queue:
    """A line of /proc/net/netfilter/nfnetlink_queue; see show in the kernel's nfnetlink_queue.c."""

    def __init__(self, line):
        number, _, self.waiting, _, _, dropped, user_dropped, self.sequence, _ = map(int, line.split())
        self.number, self.lost = number, dropped + user_dropped


def queues():
    with open("/proc/net/netfilter/nfnetlink_queue") as file:
        return {queue.number: queue for queue in map(Queue, file)}


class Lab:
    def __init__(self):
        run("ip", "netns", "add", "client")
        run("ip", "link", "add", "server0", "type", "veth", "peer", "name", "client0", "netns", "client")
        run("ip", "addr", "add", f"{SERVER}/24", "dev", "server0")
        run("ip", "link", "set", "server0", "up")
        for words in (f"addr add {CLIENT}/24 dev client0", "link set client0 up", "link set lo up"):
            run("ip", "-n", "client", *words.split())
        self.iptables = self._variant()
        run(*self.iptables, "-A", "INPUT", "-p", "udp", "--dport", DROPPED_PORT, "-j", "DROP")
        self.receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.receiver.bind((SERVER, CONTROL_PORT))
        self.receiver.settimeout(PATIENCE_S)
        self.senders = self._sockets_of_client()

    @staticmethod
    def _variant():
        for name in ("iptables-legacy", "iptables-nft", "iptables"):
            try:
                run(name, "-w", "-t", "mangle", "-A", "OUTPUT", "-p", "254", "-j", "NFQUEUE", "--queue-num", "65535")
                run(name, "-w", "-t", "mangle", "-F")
                return [name, "-w"]
            except (RuntimeError, FileNotFoundError):
                pass
        raise RuntimeError("no variant of iptables can make an NFQUEUE rule here")

    @staticmethod
    def _sockets_of_client():
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/self/ns/net") as ours, open("/run/netns/client") as client:
            if libc.setns(client.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            senders = []
            for port in CONTROL_SOURCES:
                senders.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                senders[-1].bind((CLIENT, port))
                senders[-1].connect((SERVER, CONTROL_PORT))
            libc.setns(ours.fileno(), CLONE_NEWNET)
        return senders

    def steer(self, numbers):
        """Sends the client's packets to these queues: none, one or two."""
        run(*self.iptables, "-t", "mangle", "-F")

        def rule(queue, *match):
            run(*self.iptables, "-t", "mangle", "-A", "PREROUTING", "-i", "server0", *match,
                "-j", "NFQUEUE", "--queue-num", queue)

        if len(numbers) > 1:
            rule(numbers[1], "-p", "udp", "--sport", SECOND_QUEUE)
            rule(numbers[1], "-p", "tcp", "--dport", TCP_PORTS[1])
        if numbers:
            rule(numbers[0], "-p", "udp", "--dport", f"{DROPPED_PORT}:{CONTROL_PORT}")
            rule(numbers[0], "-p", "tcp")

    def arrives(self, payload):
        """Sends a packet with this payload by the first queue, and says whether one has arrived a millisecond later."""
        self.senders[0].send(payload)
        self.receiver.settimeout(0.001)
        try:
            return self.receiver.recv(2048) == payload
        except TimeoutError:
            return False
        finally:
            self.receiver.settimeout(PATIENCE_S)

    def passes(self, sender, payload):
        """Whether a packet with this payload arrives, by what comes first: it, or the one that was sent behind it.
        What the first sender sends goes by the first queue."""
        behind = b"behind " + os.urandom(8).hex().encode()
        self.senders[sender].send(payload)
        self.senders[sender].send(behind)
        arrived = []
        try:
            while behind not in arrived:
                arrived.append(self.receiver.recv(2048))
        except TimeoutError:
            raise RuntimeError("a control packet that matches no rule did not arrive") from None
        return payload in arrived


def _ticks(path, first):
    """CPU time of a process and of its children that it has waited for; see proc(5), fields 14 to 17."""
    try:
        with open(path) as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:first]))
    except OSError:
        return 0  # it has just ended: now its parent has its time


def _processes(folder):
    return (entry for entry in os.listdir(folder) if entry.isdigit())


class Noise:
    """CPU time that others use: all that the machine uses, less that of our processes and of the kernel's threads that
    work for packets. Its workers (kworker) do, without GSO for 0.17 of a core, and for disks, too, which goes unseen."""

    KERNEL_THREADS = ("ksoftirqd/", "napi/", "kworker/")

    def ticks(self):
        """So far: of all but our processes, and of each of those threads."""
        with open("/proc/stat") as file:
            user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
        ours = sum(_ticks(f"/proc/{number}/stat", 15) for number in _processes("/proc"))
        return user + nice + system + irq + softirq + steal - ours, dict(self._kernel_threads())

    def _kernel_threads(self):
        for number in _processes("/run/proc"):
            try:
                with open(f"/run/proc/{number}/comm") as file:
                    if file.read().startswith(self.KERNEL_THREADS):
                        yield number, _ticks(f"/run/proc/{number}/stat", 13)
            except OSError:
                pass

    def cores(self, before, seconds):
        """Cores in use by others, on average, since `before`."""
        (all_before, threads_before), (all_now, threads_now) = before, self.ticks()
        packets = sum(now - threads_before.get(number, 0) for number, now in threads_now.items())
        return max(0.0, (all_now - all_before - packets) / TICKS / seconds)
