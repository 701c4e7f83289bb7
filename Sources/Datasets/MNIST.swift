// The four files of MNIST: where they are, and what is in them.

import Foundation

extension MNIST {
  /// The four files, under the names they were published with.
  public static let files = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]

  /// Finds the folder with the four files.
  ///
  /// Looked at in turn: `folder`, `$MNIST_DIR`, `data/mnist`, and the user's cache. A folder that was named and lacks a
  /// file is an error; one that was not is passed over.
  ///
  /// - Returns: the folder, or nil where there is none.
  public static func find(
    in folder: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> String? {
    for (place, source) in [(folder, "--data"), (environment["MNIST_DIR"], "$MNIST_DIR")] {
      guard let place, !place.isEmpty else { continue }
      if let missing = files.first(where: { path(of: $0, in: place) == nil }) {
        throw DataError(
          place, expected: "four files named as MNIST's (\(source))", found: "no \(missing) or \(missing).gz",
          advice:
            "name a folder that has them, or leave \(source) out: ./workbook data mnist fetches them to where they are found"
        )
      }
      return place
    }
    return ["data/mnist", cacheFolder(environment)].first { place in
      files.allSatisfy { path(of: $0, in: place) != nil }
    }
  }

  /// Where downloads are kept: `convnet-workbook/mnist` in the user's cache folder.
  public static func cacheFolder(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    PublishedSet.mnist.cacheFolder(environment)
  }

  /// The path of one file in `folder`, compressed or not, or nil.
  public static func path(of file: String, in folder: String) -> String? {
    let dotted = file.replacingOccurrences(of: "-idx", with: ".idx")
    return [file, file + ".gz", dotted, dotted + ".gz"].map { folder + "/" + $0 }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// Reads both sets.
  ///
  /// Any set in files of MNIST's form will do: ten classes, 28×28 pixels. A known one has its published name, another that
  /// of its folder.
  ///
  /// - Parameters:
  ///   - folder: the folder with the four files.
  ///   - transform: what happens to the pixels; by default ``PixelTransform/lenet``.
  /// - Throws: ``DataError``.
  public static func load(
    from folder: String, transform: PixelTransform = .lenet
  ) throws -> (train: Dataset, test: Dataset) {
    var train = try set("train", images: files[0], labels: files[1], folder, transform)
    var test = try set("test", images: files[2], labels: files[3], folder, transform)
    test.name = PublishedSet.title(of: folder, testLabels: test.labels)
    train.name = test.name
    return (train, test)
  }

  private static func set(
    _ name: String, images: String, labels: String, _ folder: String, _ transform: PixelTransform
  ) throws -> Dataset {
    let (imagePath, labelPath) = (path(of: images, in: folder), path(of: labels, in: folder))
    let pictures = try IDX(contentsOf: imagePath ?? folder + "/" + images, axes: 3)
    let classes = try IDX(contentsOf: labelPath ?? folder + "/" + labels, axes: 1)
    guard pictures.extents[0] == classes.extents[0] else {
      throw DataError(
        labelPath ?? labels, expected: "a label for each of \(pictures.extents[0]) images",
        found: "\(classes.extents[0]) labels", advice: "get both files again")
    }
    guard pictures.extents[1...] == [28, 28] else {
      throw DataError(imagePath ?? images, expected: "images of 28×28", found: "\(pictures.extents[1...])")
    }
    if let label = classes.bytes.first(where: { $0 > 9 }) {
      throw DataError(labelPath ?? labels, expected: "labels from 0 to 9", found: "\(label)")
    }
    return Dataset(
      name: "MNIST", pixels: pictures.bytes, labels: classes.bytes, imageShape: [1, 28, 28], classCount: 10,
      transform: transform)
  }
}

/// Digits for a chapter: real ones where they are found, synthetic ones elsewhere.
public struct Digits: Sendable {
  /// The digits to learn from.
  public var train: Dataset
  /// Digits that training never sees.
  public var test: Dataset
  /// Whether these are the real ones.
  public var isReal: Bool

  /// As pages name them.
  public var name: String { train.name }

  /// Creates digits from two sets.
  public init(train: Dataset, test: Dataset, isReal: Bool) {
    self.train = train
    self.test = test
    self.isReal = isReal
  }

  /// Loads MNIST where it is found, else draws synthetic digits of the same shapes.
  ///
  /// A set in files may have fewer images than are wanted, yet not fewer than 1000 to learn from and 100 to test with where
  /// as many are: experiments draw batches from them.
  ///
  /// - Parameters:
  ///   - folder: a folder named by the user, or nil to look in the usual places.
  ///   - transform: what happens to the pixels.
  ///   - count: how many training samples are wanted; all of them where it is nil.
  ///   - testCount: how many of the test set, in its order; all of them where it is nil.
  /// - Throws: ``DataError`` where files are found and cannot be read, or hold too few images.
  public static func load(
    from folder: String? = nil, transform: PixelTransform = .lenet, count: Int? = nil, testCount: Int? = nil
  ) throws -> Digits {
    if let place = try MNIST.find(in: folder) {
      let sets = try MNIST.load(from: place, transform: transform)
      let (train, test) = (min(count ?? 1000, 1000), min(testCount ?? 100, 100))
      guard sets.train.count >= train, sets.test.count >= test else {
        throw DataError(
          place, expected: "at least \(train) images to learn from and \(test) to test with",
          found: "\(sets.train.count) and \(sets.test.count)")
      }
      return Digits(
        train: count.map(sets.train.prefix) ?? sets.train, test: testCount.map(sets.test.prefix) ?? sets.test,
        isReal: true)
    }
    let wanted = count ?? 60_000
    return Digits(
      train: SyntheticDigits.dataset(count: wanted, seed: 1, transform: transform),
      test: SyntheticDigits.dataset(
        count: testCount ?? max(1, min(10_000, wanted / 6)), seed: 2, transform: transform),
      isReal: false)
  }
}
