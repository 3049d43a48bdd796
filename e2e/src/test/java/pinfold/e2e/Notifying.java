package pinfold.e2e;

/**
 * A service that speaks as sd_notify(3) does, with a connection for each message: ready at once,
 * and more when the files `one`, then `two` are there.
 */
final class Notifying {
  static final String SCRIPT =
      """
      import os, socket, time
      name = os.environ["NOTIFY_SOCKET"]
      def say(text):
          while True:
              try:
                  with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
                      s.connect("\\0" + name[1:] if name[0] == "@" else name)
                      s.send(text)
                      return
              except OSError:
                  time.sleep(0.02)
      say(b"READY=1\\nSTATUS=began")
      for word in ("one", "two"):
          while not os.path.exists(word):
              time.sleep(0.02)
          say(b"STATUS=said " + word.encode())
      time.sleep(1000)
      """;

  private Notifying() {}
}
