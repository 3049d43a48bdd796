/** What is measured, in the order of the table. */
enum Row {
  START_100("100 services running, ms"),
  START_1000("1,000 services running, ms"),
  RESTART("crash to restarted, p50 ms"),
  PSS_10("PSS at 10, MiB"),
  PSS_100("PSS at 100, MiB"),
  PSS_1000("PSS at 1,000, MiB"),
  STATUS_100("`status` of 100, p50 ms"),
  STATUS_1000("`status` of 1,000, p50 ms"),
  LINES_CPU("log lines of 100 bytes, MiB per CPU-second"),
  LINES("log lines of 100 bytes, thousand per second of one producer"),
  BLOCKS_CPU("log blocks of 64 KiB, MiB per CPU-second"),
  LOAD("100 services of 100 lines/s each, % of a core"),
  READ_BACK("of these lines read back by time, %"),
  IDLE("idle with 10 services, wake-ups in 10 s: supervisor"),
  IDLE_KEEPER("the same: keeper and wardens"),
  DEATH_SUPERVISOR("`kill -9` of the supervisor: left of 10, doubled by a new start, lines lost"),
  DEATH_KEEPER("`kill -9` of the keeper: the same"),
  DEATH_BOTH("`kill -9` of both: the same");

  final String label;

  Row(String label) {
    this.label = label;
  }
}
