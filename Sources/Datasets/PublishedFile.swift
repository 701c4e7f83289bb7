// A published file of a data set: its verification, and its storage in a folder.

import Basics
import Foundation

/// A published file of a data set.
package struct PublishedFile: Sendable, Hashable {
  /// Its name, without `.gz`.
  package let name: String
  /// Its uncompressed size in bytes.
  package let size: Int
  /// The SHA-256 digest of the uncompressed bytes, which does not depend on the compression.
  package let digest: String
  /// Whether the digest is that of the compressed file instead, because no other is known.
  package var isOfCompressed = false

  package init(name: String, size: Int, digest: String, isOfCompressed: Bool = false) {
    (self.name, self.size, self.digest, self.isOfCompressed) = (name, size, digest, isOfCompressed)
  }

  /// The path of this file in `folder`, compressed or not; nil if there is no such file.
  package func path(in folder: String) -> String? { MNIST.path(of: name, in: folder) }

  /// Verifies that the file at `path`, compressed or not, has the published contents.
  ///
  /// - Throws: ``DataError`` with both sizes or both digests.
  package func verify(_ path: String) throws {
    let bytes = try Gzip.read(path, limit: size)
    try verify(isOfCompressed ? [UInt8](FileManager.default.contents(atPath: path) ?? Data()) : bytes, of: path)
    guard bytes.count == size else {
      throw DataError(path, expected: "\(size) uncompressed bytes", found: "\(bytes.count)")
    }
  }

  /// Verifies the digest of `bytes`, and their size if they are not compressed.
  package func verify(_ bytes: [UInt8], of path: String) throws {
    guard isOfCompressed || bytes.count == size else {
      throw DataError(path, expected: "\(size) uncompressed bytes", found: "\(bytes.count)")
    }
    let found = SHA256.hexadecimal(bytes)
    guard found == digest else {
      throw DataError(
        path, expected: "the digest \(digest.prefix(16))… of the published \(name)\(isOfCompressed ? ".gz" : "")",
        found: "\(found.prefix(16))…", advice: "other data sets have files with the same name and size")
    }
  }

  /// Verifies the file at `path` and copies it to `folder` under its published name.
  ///
  /// The copy is atomic: it is written to a temporary file in the folder, which is then renamed.
  ///
  /// - Returns: the path of the copy.
  /// - Throws: ``DataError``.
  @discardableResult
  package func store(_ path: String, in folder: String) throws -> String {
    try verify(path)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DataError(path, expected: "a readable file", found: "a file that cannot be read")
    }
    return try put(data, in: folder, ending: data.starts(with: [0x1f, 0x8b]) ? ".gz" : "")
  }

  /// Writes verified bytes to `folder`, under the published name followed by `ending`.
  @discardableResult
  package func put(_ data: Data, in folder: String, ending: String = "") throws -> String {
    let place = folder + "/" + name + ending
    do {
      try AtomicFile.write(data, to: place)
    } catch {
      throw [.name, .writing].contains(error.obstacle)
        ? DataError(place, expected: "a file that can be replaced", found: error.reason.lowercased())
        : DataError(folder, expected: "a writable folder", found: "a folder that cannot be written")
    }
    return place
  }
}
