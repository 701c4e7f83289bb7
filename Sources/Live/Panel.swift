// What a panel is: something that is asked, and answers with numbers. The page draws; here is only the computation.

/// What a panel of a page computes: on the core's own layers, in this program and in the reader's browser.
///
/// The page asks by a word and some numbers, and gets lists of numbers back:
///
/// ```swift
/// let window = Panels.make("window")
/// window?.answer("slide", [5, 5, 3, 1, 0, 1, …])      // [[3, 3], [4, 4, −4, …]]
/// ```
///
/// The same file is compiled twice: into the workbook, and by ``Live`` for WebAssembly into the page. So the page can
/// hold a number of the one against a number of the other: see ``proof(_:)``.
public protocol Panel: AnyObject {
  /// Creates the panel, before anything was asked.
  init()

  /// Answers a question; an unknown one with nothing.
  func answer(_ question: Word, _ input: [Float]) -> [[Float]]

  /// Numbers that depend on most of what the panel computes, from fixed inputs.
  ///
  /// The workbook computes them when the page is made, the browser when the panel is opened. The page prints how far
  /// they agree, and leaves the panel closed if they do not.
  ///
  /// - Parameter input: what the page holds for the panel: weights, or nothing.
  func proof(_ input: [Float]) -> Proof
}

/// The numbers by which a browser is held against the native run.
public struct Proof {
  /// The whole numbers and choices first, which must be the same; then numbers of one kind and size together, each of
  /// which must be within a ten-thousandth of itself, or of a tenth of the largest in its group.
  public private(set) var parts: [[Float]]

  /// Takes whole numbers, and groups of others.
  public init(whole: [Float] = [], groups: [[Float]] = []) { parts = [whole] + groups }

  /// How many of `whole` a share is.
  static func count(_ share: Float, of whole: Int) -> Float { Float(Int(share * Float(whole) + 0.5)) }
}

/// A word that crosses into the browser as a number.
///
/// Embedded Swift compares strings only with Unicode's tables linked in, which are larger than all panels. The number is
/// the word's FNV-1a hash, which `Web/live.js` computes alike.
public struct Word: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The word's number.
  public let code: UInt32

  /// A word by its number.
  public init(code: UInt32) { self.code = code }

  /// A word by its letters.
  public init(stringLiteral text: StaticString) {
    var code: UInt32 = 2_166_136_261
    text.withUTF8Buffer { for byte in $0 { code = (code ^ UInt32(byte)) &* 16_777_619 } }
    self.code = code
  }
}

/// Reads the numbers of a question one after the other; past the end they are 0.
public struct Reader {
  private let numbers: [Float]
  private var place = 0

  /// Begins at the first number.
  public init(_ numbers: [Float]) { self.numbers = numbers }

  /// The next number, within `range`; what is no number becomes its lower end.
  public mutating func float(_ range: ClosedRange<Float> = -1e6...1e6) -> Float {
    defer { place += 1 }
    let number = place < numbers.count ? numbers[place] : 0
    return number.isNaN ? range.lowerBound : min(max(number, range.lowerBound), range.upperBound)
  }

  /// The next number, whole and within `range`: what a page sends is not to be trusted with an array's size.
  public mutating func int(_ range: ClosedRange<Int>) -> Int {
    Int(float(Float(range.lowerBound)...Float(range.upperBound)))
  }

  /// The next `count` numbers.
  public mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }

  /// All that is left.
  public mutating func rest() -> [Float] { floats(max(0, numbers.count - place)) }
}
