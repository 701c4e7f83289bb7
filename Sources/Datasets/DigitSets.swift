// Digits for training, validation and testing.

/// Disjoint training, validation and test sets of digits, by default with ``PixelTransform/standardized``.
public struct DigitSets: Sendable {
  /// The training set.
  public var train: Dataset
  /// The validation set, on which settings are chosen: learning rates, the epoch at which to stop.
  public var validation: Dataset
  /// The test set, on which nothing is chosen.
  public var test: Dataset
  /// Whether the digits were read from files.
  public var isReal: Bool

  /// The name of the data set, for pages.
  public var name: String { train.name }

  /// Loads MNIST, or synthetic digits if MNIST is not found.
  ///
  /// - Parameters:
  ///   - folder: a folder given by the user, or nil to search the usual places.
  ///   - train: the number of training images.
  ///   - validation: the number of validation images, which follow them in the training set.
  ///   - test: the number of test images, from the start of the test set.
  /// - Throws: ``DataError`` if files are found but cannot be read, or contain too few training images.
  public init(from folder: String? = nil, train: Int, validation: Int, test: Int) throws {
    let digits = try Digits.load(
      from: folder, transform: .standardized, count: train + validation, testCount: test)
    try self.init(digits, train: train, validation: validation, test: test)
  }

  /// Divides loaded digits into three sets.
  ///
  /// - Parameters:
  ///   - digits: the digits.
  ///   - train: the number of training images.
  ///   - validation: the number of validation images, which follow them in the training set.
  ///   - test: the number of test images, from the start of the test set.
  /// - Throws: ``DataError`` if there are fewer than `train + validation` training images.
  public init(_ digits: Digits, train: Int, validation: Int, test: Int) throws {
    self.init(enough: try digits.having(train + validation), train: train, validation: validation, test: test)
  }

  /// Draws synthetic digits, even if MNIST is available: for tests.
  public static func synthetic(train: Int, validation: Int, test: Int) -> DigitSets {
    DigitSets(
      enough: Digits(
        train: SyntheticDigits.dataset(count: train + validation, seed: 1, transform: .standardized),
        test: SyntheticDigits.dataset(count: test, seed: 2, transform: .standardized), isReal: false),
      train: train, validation: validation, test: test)
  }

  private init(enough digits: Digits, train: Int, validation: Int, test: Int) {
    self.train = digits.train.prefix(train)
    self.validation = digits.train.samples(at: train..<train + validation)
    self.test = digits.test.prefix(test)
    isReal = digits.isReal
  }
}

extension Digits {
  /// Returns these digits if there are enough of them.
  ///
  /// - Throws: ``DataError`` if there are fewer than `count` training images.
  public func having(_ count: Int) throws -> Digits {
    guard train.count >= count else {
      throw DataError(
        name, expected: "\(count) images for training and validation", found: "\(train.count)",
        advice: "use a larger set or a smaller run: --quick needs the fewest")
    }
    return self
  }
}
