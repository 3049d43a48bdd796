/** What a unit runs in: the runtime interface and its process runtime. */
module pinfold.runtimes {
  requires static org.jspecify;
  requires transitive pinfold.contract;
  requires transitive pinfold.manifest;
  requires transitive pinfold.linux;

  exports pinfold.runtimes;
}
