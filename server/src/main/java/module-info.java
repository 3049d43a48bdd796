/** The Varlink server, authorisation, and the supervisor's main program. */
module pinfold.server {
  requires static org.jspecify;
  requires transitive pinfold.supervisor;
  requires jdk.unsupported;

  provides System.LoggerFinder with
      pinfold.server.StderrLoggers;
}
