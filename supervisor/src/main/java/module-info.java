/** The hands around the core: effects become births, probes, hooks, timers. */
module pinfold.supervisor {
  requires static org.jspecify;
  requires transitive pinfold.core;
  requires transitive pinfold.state;
  requires transitive pinfold.logs;
  requires transitive pinfold.runtimes;

  exports pinfold.supervisor;
}
