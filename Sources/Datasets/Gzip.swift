// Plain and gzip-compressed files, read with zlib.

import CZlib
import Foundation

/// Reads plain and gzip-compressed files up to a limit.
enum Gzip {
  /// Reads a whole file, and decompresses it if it is a gzip file.
  ///
  /// zlib's file reader reads plain files unchanged, verifies the checksum of compressed files, and works in pieces:
  /// the decompression of a small file with terabytes of content stops at `limit`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the largest number of bytes accepted.
  ///   - advice: what the user can do if the file is missing or damaged.
  /// - Throws: ``DataError``.
  static func read(
    _ path: String, limit: Int,
    advice: String = "download it again; ./workbook data fetches MNIST, Fashion-MNIST and CIFAR-10"
  ) throws -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
      throw DataError(path, expected: "a file", found: isFolder.boolValue ? "a folder" : "nothing", advice: advice)
    }
    guard let file = gzopen(path, "rb") else {
      throw DataError(path, expected: "a readable file", found: String(cString: strerror(errno)))
    }
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    while true {
      let start = bytes.count
      // Start with a small buffer: most files are small, and the buffer has to be cleared.
      let piece = min(1 << 20, max(1 << 14, start))
      var read: Int32 = 0
      bytes.append(contentsOf: repeatElement(0, count: piece))
      bytes.withUnsafeMutableBytes { read = gzread(file, $0.baseAddress.map { $0 + start }, UInt32(piece)) }
      if read < 0 {
        var code: Int32 = 0
        let message = gzerror(file, &code).map { String(cString: $0) } ?? "error \(code)"
        throw DataError(path, expected: "an intact gzip file", found: message, advice: advice)
      }
      bytes.removeLast(piece - Int(read))
      if bytes.count > limit {
        throw DataError(path, expected: "at most \(limit) bytes", found: "more than \(limit)", advice: advice)
      }
      if read < piece { break }
    }
    // For a stream that ends before its trailer, gzread returns fewer bytes, but no error.
    var code: Int32 = 0
    _ = gzerror(file, &code)
    if code == Z_BUF_ERROR {
      throw DataError(path, expected: "a complete gzip file", found: "a truncated file", advice: advice)
    }
    return bytes
  }
}
