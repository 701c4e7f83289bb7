// The contents of tar archives; CIFAR-10 is distributed as one.

import Foundation

/// Reads uncompressed tar archives.
///
/// A member consists of a header of 512 bytes, with its name at the start and its size in octal digits at byte 124, and
/// of its contents, padded to a multiple of 512 bytes.
enum Tar {
  /// The members with their ranges in `bytes`, up to the first that is incomplete.
  static func members(_ bytes: [UInt8]) -> [(name: String, place: Range<Int>)] {
    var members: [(name: String, place: Range<Int>)] = []
    var start = 0
    while start + 512 <= bytes.count, bytes[start] != 0 {
      let name = text(bytes[start..<start + 100])
      guard let size = Int(text(bytes[start + 124..<start + 136]), radix: 8), size >= 0,
        size <= bytes.count - start - 512
      else { break }
      members.append((name, start + 512..<start + 512 + size))
      start += 512 + (size + 511) / 512 * 512
    }
    return members
  }

  private static func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
  }
}

extension PublishedSet {
  /// Verifies the archive at `path`, and extracts its files to `folder`.
  ///
  /// - Throws: ``DataError``.
  package func unpack(_ path: String, to folder: String) throws {
    guard let archive, let data = FileManager.default.contents(atPath: path) else {
      throw DataError(path, expected: "a readable archive", found: "none")
    }
    try archive.verify([UInt8](data), of: path)
    let bytes = try Gzip.read(path, limit: files.reduce(1 << 20) { $0 + $1.size })
    let members = Tar.members(bytes)
    // All are verified before the first is written.
    let contents = try files.map { file in
      guard let member = members.first(where: { $0.name.split(separator: "/").last.map(String.init) == file.name })
      else { throw DataError(path, expected: "\(file.name) in the archive", found: "\(members.count) other files") }
      let contents = [UInt8](bytes[member.place])
      try file.verify(contents, of: file.name)
      return Data(contents)
    }
    for (file, data) in zip(files, contents) { try file.put(data, in: folder) }
  }
}
