// Files that may be compressed, read through zlib.

import CZlib
import Foundation

/// Reading of plain and gzip-compressed files, never more than was asked for.
enum Gzip {
  /// Reads a whole file, decompressing it where it begins like gzip.
  ///
  /// zlib's own file reader passes plain files through unchanged, checks the checksum of compressed ones, and works in
  /// pieces: a small file that claims to hold terabytes is stopped at `limit`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the largest number of bytes accepted.
  ///   - advice: what to do when the file is not there or damaged.
  /// - Throws: ``DataError``.
  static func read(
    _ path: String, limit: Int,
    advice: String = "get it again; ./workbook data fetches MNIST, Fashion-MNIST and CIFAR-10"
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
      // Most files are small, and what is made room for is also cleared.
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
    // A stream that ends before its trailer reads short without an error of its own.
    var code: Int32 = 0
    _ = gzerror(file, &code)
    if code == Z_BUF_ERROR {
      throw DataError(path, expected: "a whole gzip file", found: "one that ends too early", advice: advice)
    }
    return bytes
  }
}
