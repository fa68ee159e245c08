package dev.gavel.lab;

/** Signals and their numbers, signal(7); the same on x86-64 and aarch64. */
enum Signal {
    HUP(1),
    INT(2),
    KILL(9),
    USR1(10),
    TERM(15),
    CONT(18),
    STOP(19);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** Sends it to a process, or to all of the group -{@code pid}. */
    void send(int pid) {
        Libc.checked("kill", Libc.LIBC.kill(pid, number));
    }
}
