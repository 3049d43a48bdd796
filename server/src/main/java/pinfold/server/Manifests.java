package pinfold.server;

import java.nio.file.Path;
import pinfold.contract.Code;
import pinfold.contract.Json;
import pinfold.contract.PinfoldException;
import pinfold.manifest.Canonical;
import pinfold.manifest.Manifest;
import pinfold.manifest.Parsed;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;

/// Reads what a client sent as a manifest, which is hostile until it is read.
final class Manifests {
  private Manifests() {}

  /// A whole project.
  ///
  /// @throws PinfoldException with all of its problems
  static Manifest project(Json.Obj canonical) {
    Parsed parsed = Canonical.read(canonical);
    return parsed.manifest().orElseThrow(() -> parsed.failure().exception());
  }

  /// One service without a manifest.
  ///
  /// @throws PinfoldException with all of its problems
  static Service service(String name, Json.Obj keys) {
    if (!ServiceName.valid(name)) {
      throw PinfoldException.of(
          Code.INVALID_PARAMETER, "\"" + name + "\" cannot be the name of a service");
    }
    ServiceName service = new ServiceName(name);
    Parsed parsed = Canonical.service(service, keys, Path.of("/"));
    return parsed
        .manifest()
        .flatMap(manifest -> manifest.service(service))
        .orElseThrow(() -> parsed.failure().exception());
  }
}
