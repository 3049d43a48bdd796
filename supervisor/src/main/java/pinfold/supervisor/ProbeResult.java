package pinfold.supervisor;

/// What one attempt of a probe found.
///
/// @param ok whether the service answered as it should
/// @param detail what was seen, in words for `why`: "HTTP 503", "connection refused", "exited with
///   1"
record ProbeResult(boolean ok, String detail) {
  static ProbeResult passed(String detail) {
    return new ProbeResult(true, detail);
  }

  static ProbeResult failed(String detail) {
    return new ProbeResult(false, detail);
  }
}
