package dev.gavel.daemon;

import dev.gavel.sys.ServiceManager;
import dev.gavel.sys.SyscallException;

/** Tells the service manager how the daemon is doing. Any thread may tell. */
final class Notices {
    private static final System.Logger LOG = System.getLogger(Notices.class.getName());

    private final ServiceManager manager;

    Notices(ServiceManager manager) {
        this.manager = manager;
    }

    /** Sends {@code state}. A service manager that does not listen is logged: it is no reason to stop judging. */
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
