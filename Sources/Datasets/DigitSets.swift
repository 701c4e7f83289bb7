// Digits for training, for choosing, and for the last word.

/// Three sets of digits that share no image, prepared by ``PixelTransform/standardized`` where nothing else is said.
public struct DigitSets: Sendable {
  /// What weights are learned from.
  public var train: Dataset
  /// What settings are chosen on: learning rates, the epoch to stop at.
  public var validation: Dataset
  /// What nothing has been chosen on.
  public var test: Dataset
  /// Whether they were read from files.
  public var isReal: Bool

  /// As pages name them.
  public var name: String { train.name }

  /// Loads digits; where MNIST is not found, synthetic ones.
  ///
  /// - Parameters:
  ///   - folder: a folder named by the user, or nil to look in the usual places.
  ///   - train: images to learn from.
  ///   - validation: the images of the training set that follow them.
  ///   - test: the first images of the test set.
  /// - Throws: ``DataError`` where files are found and cannot be read, or hold fewer images to learn from.
  public init(from folder: String? = nil, train: Int, validation: Int, test: Int) throws {
    let digits = try Digits.load(
      from: folder, transform: .standardized, count: train + validation, testCount: test)
    try self.init(digits, train: train, validation: validation, test: test)
  }

  /// Takes digits apart that are there.
  ///
  /// - Throws: ``DataError`` where there are fewer than `train + validation` images to learn from.
  public init(_ digits: Digits, train: Int, validation: Int, test: Int) throws {
    self.init(enough: try digits.having(train + validation), train: train, validation: validation, test: test)
  }

  /// Draws synthetic digits, whatever there is on the machine: for tests.
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
  /// These digits, where they are enough.
  ///
  /// - Throws: ``DataError`` where there are fewer than `count` images to learn from.
  public func having(_ count: Int) throws -> Digits {
    guard train.count >= count else {
      throw DataError(
        name, expected: "\(count) images to learn from and to choose with", found: "\(train.count)",
        advice: "a larger set, or a smaller run, will do: --quick asks for the least")
    }
    return self
  }
}
