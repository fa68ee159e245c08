package dev.gavel.cli.replay;

/** What replay prints. */
interface Report {
    void packet(ReplayedPacket judged);

    void summary(Totals totals);
}
