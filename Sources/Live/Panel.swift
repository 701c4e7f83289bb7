// The protocol of panels, which answer questions with numbers. The page draws them; this module only computes.

/// The computation of an interactive panel in a page, with the core's own layers, in this program and in the browser.
///
/// The page sends a question, which is a word and some numbers, and receives lists of numbers:
///
/// ```swift
/// let window = Panels.make("window")
/// window?.answer("slide", [5, 5, 3, 1, 0, 1, …])      // [[3, 3], [4, 4, −4, …]]
/// ```
///
/// The same files are compiled twice: into the workbook, and for WebAssembly into the page. The page can therefore
/// compare the results of both: see ``proof(_:)``.
public protocol Panel: AnyObject {
  /// Creates the panel, before its first question.
  init()

  /// Answers a question; returns an empty list if the question is unknown.
  func answer(_ question: Word, _ input: [Float]) -> [[Float]]

  /// Numbers that depend on most of the panel's computations, for fixed inputs.
  ///
  /// The workbook computes them when it makes the page, and the browser when it opens the panel. The page shows how
  /// closely they agree, and does not open the panel if they differ.
  ///
  /// - Parameter input: the panel's data in the page: weights, or nothing.
  func proof(_ input: [Float]) -> Proof
}

/// The numbers with which the computation in the browser is compared with the native one.
public struct Proof {
  /// The first part holds integers and choices, which must be equal. Each other part holds numbers of similar kind and
  /// size: the tolerance is a ten-thousandth of the number, or of a tenth of the largest number in its group.
  public private(set) var parts: [[Float]]

  /// Creates a proof from integers and groups of other numbers.
  public init(whole: [Float] = [], groups: [[Float]] = []) { parts = [whole] + groups }

  /// The integer count that corresponds to a share of `whole`.
  static func count(_ share: Float, of whole: Int) -> Float { Float(Int(share * Float(whole) + 0.5)) }
}

/// A word that is passed to and from the browser as a number.
///
/// In Embedded Swift, string comparison requires Unicode tables, which are larger than all panels together. The number
/// is the word's FNV-1a hash, which `Web/live-worker.js` computes in the same way.
public struct Word: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The hash of the word.
  public let code: UInt32

  /// Creates a word from its hash.
  public init(code: UInt32) { self.code = code }

  /// Creates a word from its letters.
  public init(stringLiteral text: StaticString) {
    var code: UInt32 = 2_166_136_261
    text.withUTF8Buffer { for byte in $0 { code = (code ^ UInt32(byte)) &* 16_777_619 } }
    self.code = code
  }
}

/// Reads the numbers of a question one after the other; missing numbers are 0.
public struct Reader {
  private let numbers: [Float]
  private var place = 0

  /// Starts at the first number.
  public init(_ numbers: [Float]) { self.numbers = numbers }

  /// The next number, clamped to `range`; NaN becomes its lower bound.
  public mutating func float(_ range: ClosedRange<Float> = -1e6...1e6) -> Float {
    defer { place += 1 }
    let number = place < numbers.count ? numbers[place] : 0
    return number.isNaN ? range.lowerBound : min(max(number, range.lowerBound), range.upperBound)
  }

  /// The next number as an integer, clamped to `range`: numbers from a page must not determine the size of an array
  /// without a limit.
  public mutating func int(_ range: ClosedRange<Int>) -> Int {
    Int(float(Float(range.lowerBound)...Float(range.upperBound)))
  }

  /// The next `count` numbers.
  public mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }

  /// All remaining numbers.
  public mutating func rest() -> [Float] { floats(max(0, numbers.count - place)) }
}
