// The weights of a network in a page, with 8 bits each.

/// Numbers in rows, each stored as a whole number of steps from −127 to 127. The largest magnitude of a row determines
/// its step.
///
/// This takes a quarter of the size of `Float`. The error of a number is at most half a step, 1/254 of the largest
/// magnitude in its row. Each filter's or unit's weights are a row; each bias is a row of its own and stays exact.
public struct RoundedRows: Sendable {
  /// The number of elements in a row.
  public let width: Int
  /// The step of each row.
  let sizes: [Float]
  /// Each number in steps, in row-major order.
  let steps: [Int8]

  /// Rounds finite numbers, given in row-major order.
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

  /// The rounded numbers, which are identical in the workbook and in the browser, to the last bit.
  public var values: [Float] { steps.enumerated().map { Float($1) * sizes[$0 / width] } }

  /// The bytes for the page: the width, the number of rows, the steps of the rows, the numbers in steps; little-endian.
  var bytes: [UInt8] {
    let head = [UInt32(width), UInt32(sizes.count)] + sizes.map(\.bitPattern)
    return head.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
      + steps.map { UInt8(bitPattern: $0) }
  }
}
