// A file of a data set as it was published: what it must be, and how it is put in its place.

import Basics
import Foundation

/// A file of a data set, as it was published.
package struct PublishedFile: Sendable, Hashable {
  /// Its name, without `.gz`.
  package let name: String
  /// Its size when it is not compressed, in bytes.
  package let size: Int
  /// A SHA-256 digest, of the uncompressed bytes, so that it does not matter who compressed them.
  package let digest: String
  /// Whether the digest is that of the compressed file instead, where no other is known.
  package var isOfCompressed = false

  package init(name: String, size: Int, digest: String, isOfCompressed: Bool = false) {
    (self.name, self.size, self.digest, self.isOfCompressed) = (name, size, digest, isOfCompressed)
  }

  /// The path of this file in `folder`, compressed or not, or nil.
  package func path(in folder: String) -> String? { MNIST.path(of: name, in: folder) }

  /// Checks that the file at `path`, compressed or not, holds what was published.
  ///
  /// - Throws: ``DataError`` with both sizes or both digests.
  package func verify(_ path: String) throws {
    let bytes = try Gzip.read(path, limit: size)
    try verify(isOfCompressed ? [UInt8](FileManager.default.contents(atPath: path) ?? Data()) : bytes, of: path)
    guard bytes.count == size else {
      throw DataError(path, expected: "\(size) bytes once uncompressed", found: "\(bytes.count)")
    }
  }

  /// Checks the digest of `bytes`, and their size where they are not compressed.
  package func verify(_ bytes: [UInt8], of path: String) throws {
    guard isOfCompressed || bytes.count == size else {
      throw DataError(path, expected: "\(size) bytes once uncompressed", found: "\(bytes.count)")
    }
    let found = SHA256.hexadecimal(bytes)
    guard found == digest else {
      throw DataError(
        path, expected: "the digest \(digest.prefix(16))… of the published \(name)\(isOfCompressed ? ".gz" : "")",
        found: "\(found.prefix(16))…", advice: "other data sets have files of the same name and size")
    }
  }

  /// Verifies the file at `path` and puts a copy of it into `folder` under its published name.
  ///
  /// The copy appears whole or not at all: it is written beside its place and moved there.
  ///
  /// - Returns: the path of the copy.
  /// - Throws: ``DataError``.
  @discardableResult
  package func store(_ path: String, in folder: String) throws -> String {
    try verify(path)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DataError(path, expected: "a file that can be read", found: "one that cannot")
    }
    return try put(data, in: folder, ending: data.starts(with: [0x1f, 0x8b]) ? ".gz" : "")
  }

  /// Writes verified bytes to their place in `folder`.
  @discardableResult
  package func put(_ data: Data, in folder: String, ending: String = "") throws -> String {
    let place = folder + "/" + name + ending
    do {
      try AtomicFile.write(data, to: place)
    } catch {
      throw [.name, .writing].contains(error.obstacle)
        ? DataError(place, expected: "a file that can be replaced", found: error.reason.lowercased())
        : DataError(folder, expected: "a folder that can be written to", found: "one that cannot")
    }
    return place
  }
}
