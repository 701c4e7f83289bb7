// Several channels: where the numbers of one map come from.

import Workbook

/// A filter on two channels in numbers: what each of its kernels makes of its channel, and the map that both add up to.
struct ChannelSum {
  static let channels: [[[Double]]] = [[[1, 0, 2], [0, 3, 1], [2, 1, 0]], [[0, 1, 0], [2, 0, 1], [1, 1, 2]]]
  /// [filter][channel]
  static let filters: [[[[Double]]]] = [
    [[[1, 0], [0, 1]], [[0, 1], [1, 0]]], [[[1, -1], [1, -1]], [[2, 0], [0, 0]]],
  ]

  var kernels: [[[Double]]]
  /// What each kernel makes of its own channel.
  var parts: [[[Double]]]
  /// What the filter makes of both.
  var map: [[Double]]

  init(filter: Int) {
    let kernels = Self.filters[filter]
    self.kernels = kernels
    parts = kernels.indices.map { Self.convolved([Self.channels[$0]], [kernels[$0]]) }
    map = Self.convolved(Self.channels, kernels)
  }

  private static func convolved(_ channels: [[[Double]]], _ kernels: [[[Double]]]) -> [[Double]] {
    guard
      let g = ConvolutionGeometry(channels: channels.count, filters: 1, image: 3, window: Window(kernel: 2))
    else { return [] }
    return firstMap(
      Kernels.naiveConvolution(
        Tensor([1, channels.count, 3, 3], channels.joined().joined().map { Float($0) }),
        weight: Tensor(g.weightShape, kernels.joined().joined().map { Float($0) }), bias: nil, geometry: g))
  }

  /// `channel 1 gives 1·1 + 0·0 + 0·0 + 3·1 = 4, channel 2 gives … = 3, together 7`: the pixel at the top left of the map.
  var firstPixel: String {
    func term(_ value: Double) -> String { value < 0 ? "(\(short(value)))" : short(value) }
    let sums = kernels.indices.map { channel in
      let products = kernels[channel].indices.flatMap { u in
        kernels[channel][u].indices.map { v in
          "\(term(Self.channels[channel][u][v]))·\(term(kernels[channel][u][v]))"
        }
      }
      return
        "channel \(channel + 1) gives \(products.joined(separator: " + ")) = \(short(parts[channel][0][0]))"
    }
    return sums.joined(separator: ", ") + ", together \(short(map[0][0]))"
  }

  /// Channels, kernels, partial maps and their sum as cells with numbers; what makes the pixel at the top left is shaded.
  var diagram: Diagram {
    let cell = 0.34
    var nodes: [Diagram.Node] = []
    func grid(_ name: String, _ rows: [[Double]], x: Double, y: Double, shaded: Int) {
      let (height, width) = (Double(rows.count), Double(rows.first?.count ?? 0))
      for (i, row) in rows.enumerated() {
        for (j, value) in row.enumerated() {
          nodes.append(
            Diagram.Node(
              short(value), x: x + cell * Double(j), y: y + cell * ((height - 1) / 2 - Double(i)),
              size: (width: cell, height: cell), color: max(i, j) < shaded ? 1 : nil))
        }
      }
      nodes.append(
        Diagram.Node(
          name, x: x + cell * (width - 1) / 2, y: y + cell * height / 2 + 0.18, form: .plain,
          size: (width: 0.9, height: 0.3)))
    }
    func sign(_ text: String, x: Double, y: Double) {
      nodes.append(Diagram.Node(text, x: x, y: y, form: .plain, size: (width: 0.3, height: 0.3)))
    }
    for channel in Self.channels.indices {
      let y = channel == 0 ? 0.95 : -0.95
      grid("channel \(channel + 1)", Self.channels[channel], x: 0, y: y, shaded: 2)
      sign("×", x: 1.09, y: y)
      grid("kernel \(channel + 1)", kernels[channel], x: 1.5, y: y, shaded: 2)
      sign("→", x: 2.28, y: y)
      grid("part \(channel + 1)", parts[channel], x: 2.7, y: y, shaded: 1)
    }
    sign("+", x: 2.87, y: 0.1)
    sign("=", x: 3.55, y: 0)
    grid("map", map, x: 4, y: 0, shaded: 1)
    return Diagram(nodes)
  }
}
