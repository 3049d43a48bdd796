package pinfold.contract;

import java.time.Instant;

/** The supervisor that answers, as in status --json. */
public record SupervisorStatus(int pid, int keeperPid, Instant since, String release) {}
