// CIFAR-10: 50,000 small colour photographs for training, 10,000 for testing.

import Foundation
import Tensors

/// The CIFAR-10 images: 32×32 colour photographs in ten classes, in their binary version.
///
/// A file is a sequence of records without a header: one byte for the class, then 1,024 bytes each of red, green and
/// blue, row by row. There are five training files of 10,000 records each, and one test file. `./workbook data
/// cifar-10` fetches them.
///
/// - Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images".
public enum CIFAR10 {
  /// The names of the classes, in the order of their numbers.
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]

  /// The files of the training set, under their published names.
  public static let trainingFiles = (1...5).map { "data_batch_\($0).bin" }
  /// The file of the test set.
  public static let testFile = "test_batch.bin"

  /// The shape of an image: [3, 32, 32].
  public static let imageShape: Shape = [3, 32, 32]

  /// Reads both sets.
  ///
  /// - Parameters:
  ///   - folder: the folder with the six files, each plain or gzip-compressed with the extension `.gz`.
  ///   - transform: the transform of the pixels; by default each channel is standardized with the statistics of the
  ///     training set, ``PixelTransform/standardizing(_:padding:)``.
  /// - Throws: ``DataError`` with the path, what was expected, and what was found.
  public static func load(
    from folder: String, transform: PixelTransform? = nil
  ) throws -> (train: Dataset, test: Dataset) {
    var train = try read(path(of: trainingFiles[0], in: folder))
    for name in trainingFiles.dropFirst() {
      let part = try read(path(of: name, in: folder))
      train.pixels += part.pixels
      train.labels += part.labels
    }
    var test = try read(path(of: testFile, in: folder))
    let transform = transform ?? .standardizing(train)
    train.transform = transform
    test.transform = transform
    return (train, test)
  }

  /// Reads one file of records.
  ///
  /// The allocated memory is limited by the size of the file, which in turn is limited to 10,000 records, the size of a
  /// published file.
  ///
  /// - Throws: ``DataError`` if the file is missing, does not consist of whole records, or contains a class above 9.
  public static func read(_ path: String) throws -> Dataset {
    let advice = "fetch it again with ./workbook data cifar-10"
    let bytes = try Gzip.read(path, limit: 10_000 * recordSize, advice: advice)
    guard !bytes.isEmpty, bytes.count.isMultiple(of: recordSize) else {
      throw DataError(
        path, expected: "records of 1 + 3·32·32 = \(recordSize) bytes",
        found: "\(bytes.count) bytes, \(bytes.count / recordSize) records and \(bytes.count % recordSize) bytes",
        advice: advice)
    }
    let count = bytes.count / recordSize
    var (pixels, labels): ([UInt8], [UInt8]) = ([], [])
    pixels.reserveCapacity(count * (recordSize - 1))
    labels.reserveCapacity(count)
    for start in stride(from: 0, to: bytes.count, by: recordSize) {
      guard bytes[start] < 10 else {
        throw DataError(
          path, expected: "classes from 0 to 9", found: "class \(bytes[start]) in record \(start / recordSize)",
          advice: advice)
      }
      labels.append(bytes[start])
      pixels += bytes[start + 1..<start + recordSize]
    }
    return Dataset(name: "CIFAR-10", pixels: pixels, labels: labels, imageShape: imageShape, classCount: 10)
  }

  /// The size of a record: a class and three planes of 32×32 bytes.
  private static let recordSize = 1 + 3 * 32 * 32

  private static func path(of file: String, in folder: String) -> String {
    let path = folder + "/" + file
    return FileManager.default.fileExists(atPath: path) ? path : path + ".gz"
  }
}
