// An answer loaded into this program: for chapters that run with the learner's own code.

import Foundation

/// The type in a library compiled for a chapter. Metatypes are constants, so it may be shared.
package struct LoadedAnswer: @unchecked Sendable {
  /// The answer's type.
  package let type: Any

  /// Loads an answer without a cage: only after it has passed its checks.
  ///
  /// - Throws: ``CheckerError`` if the library cannot be loaded.
  package init(library: URL) throws {
    guard let handle = dlopen(library.path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, "workbook_answer") else {
      throw CheckerError("\(library.lastPathComponent) cannot be loaded into this program")
    }
    typealias Bridge = @convention(c) (UnsafeMutableRawPointer) -> Void
    let place = UnsafeMutablePointer<Any>.allocate(capacity: 1)
    defer { place.deallocate() }
    unsafeBitCast(symbol, to: Bridge.self)(UnsafeMutableRawPointer(place))
    type = place.move()
  }
}
