package dev.gavel.daemon;

import dev.gavel.sys.ServiceManager;
import dev.gavel.sys.SyscallException;

/** Sends the daemon's state to the service manager, such as systemd. Any thread may call it. */
final class Notices {
    private static final System.Logger LOG = System.getLogger(Notices.class.getName());

    private final ServiceManager manager;

    Notices(ServiceManager manager) {
        this.manager = manager;
    }

    /**
     * Sends {@code state}, in the format of sd_notify(3). A failure is logged only: it is no reason to stop judging.
     */
    void tell(String state) {
        try {
            manager.notify(state);
        } catch (SyscallException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the service manager was not told " + state.replace('\n', ' ') + ": " + e.getMessage());
        }
    }
}
