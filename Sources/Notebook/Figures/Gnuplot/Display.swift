// Checks whether an X display responds, because nobody would read gnuplot's own error message.

import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An X display, identified by its name.
enum Display {
  /// Whether a server listens at a display: `:0`, `:1.0`, or `localhost:10.0` in an ssh session.
  ///
  /// Displays on other machines are assumed to respond, because checking them may take long.
  static func answers(_ name: String) -> Bool {
    guard let colon = name.lastIndex(of: ":") else { return false }
    guard let number = Int(name[name.index(after: colon)...].prefix { $0 != "." }), (0..<10_000).contains(number) else {
      return false
    }
    switch name[..<colon] {
    case "", "unix": return listens(atPath: "/tmp/.X11-unix/X\(number)")
    case "localhost", "127.0.0.1": return listens(onPort: UInt16(6000 + number))
    default: return true
    }
  }

  /// Connects to a socket in the file system and disconnects again.
  private static func listens(atPath path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    return connects(AF_UNIX, &address)
  }

  /// Connects to a port of this machine and disconnects again.
  private static func listens(onPort port: UInt16) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return connects(AF_INET, &address)
  }

  private static func connects<Address>(_ family: Int32, _ address: inout Address) -> Bool {
    #if canImport(Glibc)
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    #else
    let descriptor = socket(family, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let size = socklen_t(MemoryLayout<Address>.size)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
    }
  }
}
