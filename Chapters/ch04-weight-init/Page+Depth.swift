// The page of chapter 4: gains, what thirty layers leave, convolutions.

import Foundation
import Workbook

extension WeightInit {
  /// One number, swept.
  static func addGains(to page: inout Page, _ findings: Findings) {
    let (frames, width) = (findings.gains, findings.width)
    let gains = frames.map(\.gain)
    let levelReLU = mostLevel(frames, \.reluSignal)
    let levelTanh = mostLevel(frames, \.tanhGradient)
    let (one, fiveThirds) = (nearest(1, in: frames), nearest(5.0 / 3, in: frames))
    /// What is left at the far end of a net, of its size at the near one.
    func kept(_ frame: ScaleFrame, _ signal: (ScaleFrame) -> [Double], _ gradient: (ScaleFrame) -> [Double]) -> [Double]
    {
      [signal(frame).last ?? .nan, gradient(frame)[0]]
    }
    func isLevel(_ kept: [Double]) -> Bool { kept.allSatisfy { abs($0 - 1) < 0.2 } }
    let (tanh, relu) = (
      frames.map { kept($0, \.tanhSignal, \.tanhGradient) }, frames.map { kept($0, \.reluSignal, \.reluGradient) }
    )
    let tanhIsLevel = tanh.contains(where: isLevel)
    let reluIsLevel = levelReLU.map { isLevel(kept($0, \.reluSignal, \.reluGradient)) } ?? false
    let (keptByOne, keptByFiveThirds) = (
      kept(one, \.tanhSignal, \.tanhGradient), kept(fiveThirds, \.tanhSignal, \.tanhGradient)
    )
    page.prose(
      """
      ## One gain, if it is a ReLU

      Weights of standard deviation $g/\\sqrt{D_{in}}$ have the gain $g$, whatever the width. The five initializations above have \
      $g = \(short(0.01 * Double(width).squareRoot()))$, $\(short(0.05 * Double(width).squareRoot()))$ and $1$ for tanh, $1$ and \
      $\\sqrt{2}$ for ReLU. If we double the weights of a ReLU layer, its output doubles. So each layer multiplies signal and gradient \
      by the same factor, and one gain keeps both. With tanh this is not so: a large gain cannot make the activations larger than 1, \
      but the gradient has no such limit.
      """)
    let reluGain = short(levelReLU?.gain ?? .nan, digits: 3)
    page.figure(
      Figure(
        reluIsLevel && !tanhIsLevel
          ? "g = \(reluGain) keeps ReLU's signal and gradient; of \(gains.count) gains none keeps both for tanh"
          : "Of \(gains.count) gains, ReLU's signal is most level at \(reluGain), tanh's gradient at \(short(levelTanh?.gain ?? .nan, digits: 3))",
        gainChart(gains, relu: relu, tanh: tanh),
        caption: """
          Signal: √E[x²] after layer \(sweepDepth), if 1 enters. Gradient: what arrives at layer 1 if a standard deviation of 1 is sent back from the end. \(sweepDepth) \
          layers of \(findings.gainWidth) units, seed \(findings.seeds[0]). Values outside the axis are in the data.
          """,
        name: "gain-sweep", isWide: true))
    let keepers = relu.indices.filter { isLevel(relu[$0]) }
    page.project(
      keepers.count == 1
        ? "ReLU: only a gain near \(short(gains[keepers[0]], digits: 2)) keeps the signal"
        : "Which gain keeps the signal of a ReLU?")
    page.prose(
      """
      **\(tanhIsLevel ? "For tanh one gain keeps both as well." : "For tanh no gain keeps both: one chooses a gain between 1 and 5/3.")** With 1, signal and gradient shrink slowly: \(sweepDepth) layers leave \(percent(keptByOne[0])) of the signal. \
      With 5/3, PyTorch's `calculate_gain("tanh")`, the signal keeps its size\(keptByFiveThirds[1] > 1.2 ? ", but the gradient grows \(short(keptByFiveThirds[1])) times on its way back" : "").\(findings.own?.tanhGain == nil ? levelIsBest(findings) : "")
      """)
    if let own = findings.own, own.tanhGain != nil, let table = own.tanhTable {
      page.table(table)
      page.prose(own.tanhWords)
    }
  }

  /// Which of the two gains of tanh learned better.
  private static func levelIsBest(_ findings: Findings) -> String {
    guard let tanh = findings.tanhTraining, tanh.finalLosses.count > 2 else { return "" }
    return (tanh.finalLosses[2] - tanh.finalLosses[1]).worded(
      above: " Our tanh nets of \(deep) layers learned better with 1, so we take 1.",
      below: " Our tanh nets of \(deep) layers learned better with 5/3.",
      withinChance: " Our tanh nets of \(deep) layers learned as well with either.")
  }

  /// What is left of signal and gradient by the gain: ReLU in the left panel, tanh in the right one.
  private static func gainChart(_ gains: [Double], relu: [[Double]], tanh: [[Double]]) -> Plot {
    let (low, high) = (gains.min() ?? 0, gains.max() ?? 1)
    let (margin, shift) = (0.1, high - low + 0.3)
    let ticks = [0.5, 1, 1.5, 2].filter { $0 >= low && $0 <= high }
    let panels = [("ReLU", relu, 0.0), ("tanh", tanh, shift)]
    return .lines(
      LineChart(
        x: Axis(
          "gain g: weights of standard deviation g/√Dᵢₙ, in one panel for each activation",
          range: low - margin...high + shift + margin,
          ticks: panels.flatMap { panel in ticks.map { ($0 + panel.2, short($0)) } }),
        y: Axis("what \(sweepDepth) layers leave of 1", log: true, range: 1e-6...1e6),
        panels.flatMap { name, kept, shift in
          ["signal", "gradient"].enumerated().map { index, way in
            Series(
              shift > 0 ? way : "", x: gains.map { $0 + shift }, y: kept.map { $0[index] },
              style: index == 0 ? .line : .lineAndMarkers, isEmphasized: index == 0, color: index)
          }
        },
        references: [.init(.horizontal, at: 1, "kept")]
          + panels.map { .init(.vertical, at: low + $0.2 - (margin + ($0.2 > 0 ? 0.05 : 0)), $0.0) }))
  }

  /// The frame of the gain nearest to a number.
  static func nearest(_ gain: Double, in frames: [ScaleFrame]) -> ScaleFrame {
    frames.min { abs($0.gain - gain) < abs($1.gain - gain) } ?? frames[0]
  }

  /// How alike two signals become.
  static func addCosines(to page: inout Page, _ findings: Findings) {
    guard let found = findings.cosines else { return }
    let ends = found.cosines.map { $0[deep] }
    let before = found.cosines[0][0].mean
    let (rectified, chaotic) = (
      (ends[0] - found.cosines[0][0]).direction(), (ends[2] - found.cosines[2][0]).direction()
    )
    let formula = (0..<deep).reduce([before]) { cosines, _ in cosines + [cosineAfterReLU(cosines[cosines.count - 1])] }
    page.prose(
      """
      He's weights keep the size of a signal. They do not keep the difference between two images: the cosine of the angle between \
      their signals goes from \(fixed(before, 2)) to \(fixed(ends[0].mean, 2)) in \(deep) layers. So in a very deep plain ReLU net the last layers receive nearly the same signal for every digit. \
      Tanh with $g = 1$ keeps the angles on average\(angleWords(findings)) Residual paths (chapter 11) shorten the way.
      """)
    page.figure(
      Figure(
        rectified == .above
          ? "ReLU makes the signals of two digits alike"
            + (chaotic == .below ? "; tanh with g = 5/3 drives them apart" : "")
          : "The cosine of the signals of two digits after \(deep) layers: ReLU \(fixed(ends[0].mean, 2)), tanh with g = 5/3 \(fixed(ends[2].mean, 2))",
        .lines(
          LineChart(
            x: Axis("layer"), y: Axis("cosine of two signals (1: alike)", range: -0.2...1),
            Start.compared.indices.map { start in
              Series(
                Start.compared[start].name, x: (0...deep).map { Double($0) }, y: found.cosines[start].map(\.mean),
                deviation: found.cosines[start].map(\.deviation), style: .line, isEmphasized: start == 0,
                color: [4, 2, 0][start])
            } + [Series("ReLU, formula", x: (0...deep).map { Double($0) }, y: formula, style: .points, color: 6)])),
        caption: """
          Mean over all pairs of \(found.imageCount) digits (\(findings.data)), one of each class, and over \
          \(counted(found.cosines[0][0].count, "seed")); bands of one standard deviation. Layers of \(found.width) units; layer 0: the \
          images.
          """,
        name: "cosines"))
    page.prose(
      """
      Why? After a ReLU no number is below 0. So products of two signals no longer cancel. In a wide layer an angle $\\theta$ becomes (Cho and Saul 2009)

      $$\\cos\\theta' = \\frac{\\sin\\theta + (\\pi - \\theta)\\cos\\theta}{\\pi}$$

      which is above $\\cos\\theta$ at every angle but 0. The size of the weights does not enter. Measured by:
      """)
    page.code("cosines", in: "Cosines.swift")
  }

  /// That the angle is not the only reason for the errors of deep nets: tanh, which keeps it, makes more of them as well.
  private static func angleWords(_ findings: Findings) -> String {
    guard let first = findings.depths?.nets.first, let last = findings.depths?.nets.last,
      [1, 2].allSatisfy({ (last.errors[$0] - first.errors[$0]).direction() == .above })
    else { return "." }
    return
      ", and its nets make more errors with depth, too; but their signal also shrinks. So we cannot say how much the angle costs."
  }

  /// Fan-in and fan-out.
  static func addConvolutions(to page: inout Page, _ findings: Findings) {
    let found = findings.convolution
    page.prose(
      """
      ## Convolutions: fan-in and fan-out

      A unit of a convolution (chapter 9) sees a window of $k \\times k$ numbers in each channel of the input. So its $D_{in}$ is \
      $k^2 \\cdot C_{in}$, and one input, which lies under the window at $k^2$ positions (stride 1), reaches $D_{out} = k^2 \\cdot C_{out}$ units.

      Should He's rule use $D_{in}$ or $D_{out}$? $2/D_{in}$ keeps the signal, and $2/D_{out}$ keeps the gradient. **Either rule works.** If we keep one of them, \
      the other is wrong by the product of all $D_{in}/D_{out}$, which in convolutions is $C_{in}/C_{out}$. The outputs of one layer are the inputs of the next, so all but the first and the last \
      cancel: for channels 3 → 64 → 128 the product is $\\frac{3}{64} \\cdot \\frac{64}{128} = \\frac{3}{128}$. It is one factor for the whole net, not one for each layer.
      """)
    let forgotten = found.sizes[1][convolutionDepth - 1] / found.sizes[0][convolutionDepth - 1]
    // Each layer multiplies by √k² = 3 too much.
    let isPower = abs(forgotten / 3.0.power(convolutionDepth) - 1) < 0.01
    let asPower = isPower ? "3\(superscript(convolutionDepth)) = " : ""
    page.fold("The fan-in counted") { page in
      page.prose(
        "We count the fan-in by the variance of the sums: $\\mathrm{Var}(z)$ divided by $E[x^2] \\cdot \\mathrm{Var}(w)$."
      )
      page.code("measuredFanIn", in: "FanIn.swift")
      page.table(
        Table(
          "The fan-in of a convolution, counted by its variance",
          columns: ["kernel", "channels", "k²·Cᵢₙ", .init("measured", digits: 1)],
          rows: zip(ConvolutionFindings.kernels, found.fanIns).map { kernel, measured in
            [
              TableCell("\(kernel.side)×\(kernel.side)"), TableCell(kernel.channels),
              TableCell(kernel.fanIn), .measured(measured),
            ]
          }))
    }
    page.callout(
      .mistake,
      """
      Weights are stored as $[C_{out}, C_{in}, k, k]$. If you take the second axis alone for the fan-in, you forget the window: \
      after \(convolutionDepth) layers of 3×3 the signal is \(forgotten > 1.5 ? "\(asPower)\(short(forgotten)) times too large" : "no larger").
      """)
    findings.convDepths?.add(to: &page, findings)
  }
}
