// The compressed data of a page, which a script unpacks before it is shown.

import CZlib
import Foundation

/// Compresses text and bytes with zlib and encodes them in base64, for `unpacked` in `packed.js`.
enum Packed {
  static func base64(_ text: String) -> String { base64(Array(text.utf8)) }

  static func base64(_ bytes: [UInt8]) -> String {
    var size = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    guard compress2(&packed, &size, bytes, uLong(bytes.count), Z_BEST_COMPRESSION) == Z_OK else {
      fatalError("zlib: no memory to compress \(bytes.count) bytes")
    }
    return Data(packed.prefix(Int(size))).base64EncodedString()
  }
}
