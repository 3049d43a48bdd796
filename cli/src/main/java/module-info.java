/** The command line. */
module pinfold.cli {
  requires static org.jspecify;
  requires info.picocli;
  requires pinfold.contract;
  requires pinfold.core;
  requires pinfold.linux;
  requires pinfold.logs;
  requires pinfold.manifest;
  requires pinfold.runtimes;
  requires pinfold.state;
  requires org.jline.terminal;
  requires jdk.unsupported;
}
