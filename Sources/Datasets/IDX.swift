// The IDX format: the four files of MNIST.

/// An array of bytes in the IDX format, the format of MNIST.
///
/// A file consists of two zero bytes, the type (8: unsigned bytes), the number of axes, each extent as a big-endian
/// 32-bit number, and the elements, with the last axis varying fastest.
public struct IDX: Hashable, Sendable {
  /// The extents, outermost first.
  public var extents: [Int]
  /// The elements.
  public var bytes: [UInt8]

  /// Reads a file, plain or gzip-compressed.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - axes: the number of axes it must have: 3 for images, 1 for labels.
  /// - Throws: ``DataError`` with the path, what was expected, what was found, and what to do.
  public init(contentsOf path: String, axes: Int) throws {
    let advice = "download it again; ./workbook data fetches MNIST and Fashion-MNIST"
    // The limit is about ten times the size of MNIST's largest file: enough for any variant, and safe on any machine.
    var file = try Gzip.read(path, limit: 600_000_000)
    let header = 4 + 4 * axes
    guard file.count >= header else {
      throw DataError(path, expected: "a header of \(header) bytes", found: "\(file.count) bytes", advice: advice)
    }
    let magic = file.prefix(4)
    guard magic.elementsEqual([0, 0, 8, UInt8(axes)]) else {
      let found = magic.reduce(0) { $0 << 8 | Int($1) }
      throw DataError(path, expected: "the magic number \(0x800 + axes)", found: "\(found)", advice: advice)
    }
    extents = (0..<axes).map { axis in file[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) } }
    var size = 1
    for extent in extents {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow, extent > 0 else {
        throw DataError(path, expected: "positive extents", found: "\(extents)", advice: advice)
      }
      size = product
    }
    guard file.count == header + size else {
      throw DataError(
        path, expected: "\(header) + \(extents.map(String.init).joined(separator: "·")) = \(header + size) bytes",
        found: "\(file.count)", advice: advice)
    }
    // In place: a copy would need another 47 MB for MNIST.
    file.removeFirst(header)
    bytes = file
  }
}
