// Pictures in a terminal: two pixels in each character cell.

extension ImageGrid {
  package func cells(_ terminal: TerminalPicture) -> CellCanvas {
    let width = terminal.width
    guard let first = pictures.first else { return CellCanvas(width: width, height: 0) }
    let labels = rowLabels.map { CellCanvas.clip($0, 14) }
    let left = (labels.map(\.count).max() ?? -1) + 1
    let wanted = max(1, min(columns, pictures.count))
    // A picture needs about a dozen columns to be recognizable, a kernel as many as it has pixels.
    let least = min(max(first.width, 4), 14)
    let fitting = max(1, min(wanted, (width - left + 1) / (least + 1)))
    let across = labels.isEmpty ? Self.perRow(of: wanted, atMost: fitting) : fitting
    var cells = max(1, min((width - left + 1) / across - 1, first.width <= 8 ? first.width * 2 : first.width, 28))
    let reach = reach
    // Kernels are drawn with whole pixels.
    if first.width > 0, cells > first.width, first.width <= 12 { cells = cells / first.width * first.width }
    var blocks: [(start: Int, count: Int)] = []
    for start in stride(from: 0, to: pictures.count, by: wanted) {
      // A labelled row that does not fit shows its first pictures; other rows are wrapped.
      let end = min(start + wanted, pictures.count)
      if !labels.isEmpty {
        blocks.append((start, min(across, end - start)))
      } else {
        for s in stride(from: start, to: end, by: across) { blocks.append((s, min(across, end - s))) }
      }
    }
    let kept = blocks.prefix(6)
    var heights: [Int] = []
    for block in kept {
      var tall = 1
      for picture in pictures[block.start..<(block.start + block.count)] {
        tall = max(tall, (cells * max(picture.height, 1) / max(picture.width, 1) + 1) / 2)
      }
      heights.append(min(tall, 28))
    }
    func captions(_ block: (start: Int, count: Int)) -> [[String]] {
      (block.start..<(block.start + block.count)).map {
        Array(CellCanvas.wrap(pictures[$0].caption, cells).prefix(3))
      }
    }
    let captionRows = kept.map { captions($0).map(\.count).max() ?? 0 }
    let isCut = kept.reduce(0) { $0 + $1.count } < pictures.count
    var canvas = CellCanvas(
      width: width,
      height: zip(heights, captionRows).reduce(0) { $0 + $1.0 + $1.1 + 1 } + (isCut ? 1 : 0) - (isCut ? 0 : 1))
    var y = 0
    for (b, block) in kept.enumerated() {
      if !labels.isEmpty, labels.indices.contains(block.start / wanted) {
        canvas.write(labels[block.start / wanted], 0, y + heights[b] / 2)
      }
      for k in 0..<block.count {
        let picture = pictures[block.start + k]
        guard picture.width > 0, picture.height > 0 else { continue }
        let x0 = left + k * (cells + 1)
        let rows = min(28, max(1, (cells * picture.height / picture.width + 1) / 2))
        func sample(_ cx: Int, _ half: Int) -> UInt32 {
          // The average of the pixels that the half cell covers.
          let (ax, bx) = (
            cx * picture.width / cells, max(cx * picture.width / cells + 1, (cx + 1) * picture.width / cells)
          )
          let (ay, by) = (
            half * picture.height / (2 * rows),
            max(half * picture.height / (2 * rows) + 1, (half + 1) * picture.height / (2 * rows))
          )
          var sum = (0, 0, 0), count = 0
          for py in ay..<min(by, picture.height) {
            for px in ax..<min(bx, picture.width) {
              let c = color(picture, px, py, reach: reach)
              sum = (sum.0 + Int(c >> 16), sum.1 + Int((c >> 8) & 255), sum.2 + Int(c & 255))
              count += 1
            }
          }
          let n = max(count, 1)
          return UInt32(sum.0 / n) << 16 | UInt32(sum.1 / n) << 8 | UInt32(sum.2 / n)
        }
        for cy in 0..<rows {
          for cx in 0..<cells {
            let (upper, lower) = (sample(cx, 2 * cy), sample(cx, 2 * cy + 1))
            if terminal.hasColor {
              canvas[x0 + cx, y + cy] = .init(
                character: "▀", color: CellCanvas.nearest(upper), ground: CellCanvas.nearest(lower))
            } else {
              var mix: UInt32 = 0
              for shift in [16, 8, 0] as [UInt32] {
                mix |= ((((upper >> shift) & 255) + ((lower >> shift) & 255)) / 2) << shift
              }
              canvas[x0 + cx, y + cy] = .init(character: terminal.shade(mix, dark: false))
            }
          }
        }
        for (line, text) in captions(block)[k].enumerated() {
          canvas.write(CellCanvas.clip(text, cells), x0 + max(0, (cells - text.count) / 2), y + heights[b] + line)
        }
      }
      y += heights[b] + captionRows[b] + 1
    }
    if isCut {
      let row = across < wanted && !labels.isEmpty ? "\(across) of \(wanted) in a row, " : ""
      canvas.write("… \(row)\(pictures.count) pictures in all", 0, canvas.height - 1, color: terminal.grey)
    }
    return canvas
  }
}
