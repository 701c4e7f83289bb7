// The four MNIST files as published: what each must be, and how one is put in its place.

import Basics
import Foundation

extension MNIST {
  /// One of the four files, as it was published.
  package struct PublishedFile: Sendable, Hashable {
    /// Its name, without `.gz`.
    package let name: String
    /// Its size when it is not compressed, in bytes.
    package let size: Int
    /// The SHA-256 digest of its uncompressed bytes, so that it does not matter who compressed it.
    package let digest: String
  }

  /// The four files in the order of ``files``.
  package static let published: [PublishedFile] = [
    PublishedFile(
      name: "train-images-idx3-ubyte", size: 47_040_016,
      digest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    PublishedFile(
      name: "train-labels-idx1-ubyte", size: 60_008,
      digest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    PublishedFile(
      name: "t10k-images-idx3-ubyte", size: 7_840_016,
      digest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    PublishedFile(
      name: "t10k-labels-idx1-ubyte", size: 10_008,
      digest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
  ]

  /// Checks that the file at `path`, compressed or not, holds what was published as `file`.
  ///
  /// - Throws: ``DataError`` with both sizes or both digests.
  package static func verify(_ path: String, is file: PublishedFile) throws {
    let bytes = try Gzip.read(path, limit: file.size)
    guard bytes.count == file.size else {
      throw DataError(path, expected: "\(file.size) bytes once uncompressed", found: "\(bytes.count)")
    }
    let digest = SHA256.hexadecimal(bytes)
    guard digest == file.digest else {
      throw DataError(
        path, expected: "the digest \(file.digest.prefix(16))… of MNIST's \(file.name)", found: "\(digest.prefix(16))…",
        advice: "other data sets have files of the same name and size")
    }
  }

  /// Verifies the file at `path` and puts a copy of it into `folder` under its published name.
  ///
  /// The copy appears whole or not at all: it is written beside its place and moved there.
  ///
  /// - Returns: the path of the copy.
  /// - Throws: ``DataError``.
  @discardableResult
  package static func store(_ path: String, as file: PublishedFile, in folder: String) throws -> String {
    try verify(path, is: file)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DataError(path, expected: "a file that can be read", found: "one that cannot")
    }
    let place = folder + "/" + file.name + (data.starts(with: [0x1f, 0x8b]) ? ".gz" : "")
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
