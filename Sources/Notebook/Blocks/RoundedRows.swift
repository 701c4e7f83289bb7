// What a page carries of a network: its weights with 8 bits each.

/// Numbers in rows, each a whole number of steps from −127 to 127; the row's largest number decides the size of its steps.
///
/// A quarter of what `Float` takes. No number is wrong by more than half a step, 1/254 of its row's largest. The weights of
/// a filter or a unit are a row; biases are rows of one number, which stays what it was.
public struct RoundedRows: Sendable {
  /// How many numbers a row has.
  public let width: Int
  /// The size of each row's steps.
  let sizes: [Float]
  /// Each number in steps, row after row.
  let steps: [Int8]

  /// Rounds finite numbers, which lie row after row.
  public init(_ numbers: [Float], width: Int) {
    guard width > 0, numbers.count.isMultiple(of: width) else {
      fatalError("RoundedRows: expected whole rows of \(width) numbers, found \(numbers.count) numbers")
    }
    let sizes = stride(from: 0, to: numbers.count, by: width).map { first in
      numbers[first..<first + width].reduce(0) { max($0, abs($1)) } / 127
    }
    self.width = width
    self.sizes = sizes
    steps = numbers.enumerated().map { place, number in
      let size = sizes[place / width]
      return size > 0 ? Int8((number / size).rounded()) : 0
    }
  }

  /// The numbers as they are after rounding: the same in the workbook and in the browser, to the last bit.
  public var values: [Float] { steps.enumerated().map { Float($1) * sizes[$0 / width] } }

  /// For the page: the width, the number of rows, the rows' sizes, the numbers' steps; the lowest byte first.
  var bytes: [UInt8] {
    let head = [UInt32(width), UInt32(sizes.count)] + sizes.map(\.bitPattern)
    return head.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
      + steps.map { UInt8(bitPattern: $0) }
  }
}
