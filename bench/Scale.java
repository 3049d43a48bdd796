/**
 * How much is measured.
 *
 * @param thousand whether 1,000 services are tried
 * @param restarts of each service before memory is measured; only ours
 * @param crashes of each of five services
 * @param asks how often the status is asked for
 * @param linesMillis how long one producer writes lines
 * @param blocksMillis and blocks
 * @param windowSeconds how long the load of 100 writers is watched
 * @param idleSeconds and idleness
 */
record Scale(boolean thousand, int restarts, int crashes, int asks, int linesMillis, int blocksMillis, int windowSeconds,
    int idleSeconds) {
  static final Scale FULL = new Scale(true, 10, 3, 15, 3000, 500, 5, 10);
  static final Scale QUICK = new Scale(false, 2, 1, 5, 500, 100, 2, 3);
}
