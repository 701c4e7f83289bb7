// Gnuplot's plain bitmap (portable pixmap) and its dots as braille characters.

/// A picture of gnuplot's `pbm color` terminal: the number of the pen for each dot.
package struct Bitmap {
  let width: Int, height: Int
  /// 0 is the background; 1 … 8 are the line types; 9 is the grey of line type 0; 10 is black.
  private(set) var pens: [UInt8]

  /// The terminal's colours of its pens.
  private static let colors: [UInt32: UInt8] = [
    0xff5555: 1, 0x55ff55: 2, 0x5555ff: 3, 0xff55ff: 4, 0x55ffff: 5, 0xffff55: 6, 0xaa0000: 7, 0x00aa00: 8, 0xaaaaaa: 9,
    0x000000: 10,
  ]

  /// Reads a file; nil if it is not a complete bitmap.
  init?(_ file: [UInt8]) {
    var at = 0
    func word() -> String {
      while at < file.count, file[at] <= 32 { at += 1 }
      let start = at
      while at < file.count, file[at] > 32 { at += 1 }
      return String(decoding: file[start..<at], as: UTF8.self)
    }
    guard word() == "P6", let w = Int(word()), let h = Int(word()), word() == "255", w > 0, h > 0, w < 10_000,
      h < 10_000
    else {
      return nil
    }
    at += 1
    guard file.count >= at + 3 * w * h else { return nil }
    (width, height) = (w, h)
    var pens = [UInt8](repeating: 0, count: w * h)
    for i in 0..<(w * h) {
      let color = UInt32(file[at + 3 * i]) << 16 | UInt32(file[at + 3 * i + 1]) << 8 | UInt32(file[at + 3 * i + 2])
      if color != 0xffffff { pens[i] = Self.colors[color] ?? 10 }
    }
    self.pens = pens
  }

  /// The braille character for the 2 × 4 dots of a cell, with the pen of most of them; nil if all are background.
  ///
  /// The dots of a braille character are numbered 1, 2, 3, 7 on the left and 4, 5, 6, 8 on the right, from top to
  /// bottom.
  package func cell(_ x: Int, _ y: Int) -> (character: Character, pen: Int)? {
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var code: UInt32 = 0
    var votes = [Int](repeating: 0, count: 11)
    for dy in 0..<4 {
      for dx in 0..<2 {
        let (px, py) = (2 * x + dx, 4 * y + dy)
        guard px < width, py < height else { continue }
        let pen = pens[py * width + px]
        guard pen != 0 else { continue }
        code |= bits[dy][dx]
        // Any colour takes precedence over grey.
        votes[Int(pen)] += pen == 9 ? 1 : 10
      }
    }
    guard code != 0, let scalar = Unicode.Scalar(0x2800 + code) else { return nil }
    let most = votes.indices.max { votes[$0] < votes[$1] } ?? 10
    return (Character(scalar), most)
  }
}
