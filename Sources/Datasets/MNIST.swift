// The four files of MNIST: finding and reading them.

import Foundation

extension MNIST {
  /// The four files, under their published names.
  public static let files = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]

  /// Finds the folder with the four files.
  ///
  /// Searches `folder`, `$MNIST_DIR`, `data/mnist`, and the user's cache, in this order. If a folder given explicitly
  /// lacks a file, that is an error; the other folders are skipped.
  ///
  /// - Parameters:
  ///   - folder: the folder given by the user, or nil.
  ///   - environment: the environment variables.
  /// - Returns: the folder, or nil if there is none.
  /// - Throws: ``DataError`` if a folder given explicitly lacks a file.
  public static func find(
    in folder: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> String? {
    for (place, source) in [(folder, "--data"), (environment["MNIST_DIR"], "$MNIST_DIR")] {
      guard let place, !place.isEmpty else { continue }
      if let missing = files.first(where: { path(of: $0, in: place) == nil }) {
        throw DataError(
          place, expected: "the four files of MNIST (\(source))", found: "no \(missing) or \(missing).gz",
          advice:
            "give a folder that contains them, or omit \(source): ./workbook data mnist fetches them to the cache"
        )
      }
      return place
    }
    return ["data/mnist", cacheFolder(environment)].first { place in
      files.allSatisfy { path(of: $0, in: place) != nil }
    }
  }

  /// The folder for downloads: `convnet-workbook/mnist` in the user's cache folder.
  public static func cacheFolder(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    PublishedSet.mnist.cacheFolder(environment)
  }

  /// The path of one file in `folder`, compressed or not; nil if there is no such file.
  public static func path(of file: String, in folder: String) -> String? {
    let dotted = file.replacingOccurrences(of: "-idx", with: ".idx")
    return [file, file + ".gz", dotted, dotted + ".gz"].map { folder + "/" + $0 }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// Reads both sets.
  ///
  /// Any data set in MNIST's format works: ten classes, 28×28 pixels. A known set gets its published name, any other
  /// the name of its folder.
  ///
  /// - Parameters:
  ///   - folder: the folder with the four files.
  ///   - transform: the transform of the pixels; by default ``PixelTransform/lenet``.
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
        found: "\(classes.extents[0]) labels", advice: "download both files again")
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

/// Digits for a chapter: MNIST if it is found, otherwise synthetic digits.
public struct Digits: Sendable {
  /// The training set.
  public var train: Dataset
  /// The test set.
  public var test: Dataset
  /// Whether the digits were read from files.
  public var isReal: Bool

  /// The name of the data set, for pages.
  public var name: String { train.name }

  /// Creates digits from two sets.
  public init(train: Dataset, test: Dataset, isReal: Bool) {
    self.train = train
    self.test = test
    self.isReal = isReal
  }

  /// Loads MNIST if it is found; otherwise draws synthetic digits of the same shapes.
  ///
  /// Files may contain fewer images than requested, but at least 1000 training images and 100 test images, or as many as
  /// requested if that is fewer: experiments draw batches from them.
  ///
  /// - Parameters:
  ///   - folder: a folder given by the user, or nil to search the usual places.
  ///   - transform: the transform of the pixels.
  ///   - count: the number of training samples; nil for all.
  ///   - testCount: the number of test samples, from the start of the test set; nil for all.
  /// - Throws: ``DataError`` if files are found but cannot be read, or contain too few images.
  public static func load(
    from folder: String? = nil, transform: PixelTransform = .lenet, count: Int? = nil, testCount: Int? = nil
  ) throws -> Digits {
    if let place = try MNIST.find(in: folder) {
      let sets = try MNIST.load(from: place, transform: transform)
      let (train, test) = (min(count ?? 1000, 1000), min(testCount ?? 100, 100))
      guard sets.train.count >= train, sets.test.count >= test else {
        throw DataError(
          place, expected: "at least \(train) training images and \(test) test images",
          found: "\(sets.train.count) and \(sets.test.count)")
      }
      return Digits(
        train: count.map(sets.train.prefix) ?? sets.train, test: testCount.map(sets.test.prefix) ?? sets.test,
        isReal: true)
    }
    let trainCount = count ?? 60_000
    return Digits(
      train: SyntheticDigits.dataset(count: trainCount, seed: 1, transform: transform),
      test: SyntheticDigits.dataset(
        count: testCount ?? max(1, min(10_000, trainCount / 6)), seed: 2, transform: transform),
      isReal: false)
  }
}
