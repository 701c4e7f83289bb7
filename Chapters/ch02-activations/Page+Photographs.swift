// The page of chapter 2: the race on photographs.

import Foundation
import Workbook

extension PhotographFindings {
  /// The racer of one activation.
  subscript(function: Nonlinearity) -> PhotographRacer? { racers.first { $0.function == function } }

  /// How many times ReLU's steps tanh needs to a mark, seed by seed, where both came down to it.
  func ratio(_ mark: Int) -> Summary {
    guard let tanh = self[.tanh], let relu = self[.relu] else { return Summary([]) }
    return Summary(
      zip(tanh.reached[mark], relu.reached[mark]).compactMap { tanh, relu in
        tanh.flatMap { tanh in relu.map { Double(tanh) / Double($0) } }
      })
  }
  /// The last mark to which all runs of tanh and of ReLU came down, and the ratio there.
  var hardest: (mark: Double, ratio: Summary)? {
    let reached = Self.marks.indices.last { mark in
      [Nonlinearity.tanh, .relu].allSatisfy { self[$0]?.reached[mark].allSatisfy { $0 != nil } == true }
    }
    return reached.map { (Self.marks[$0], ratio($0)) }
  }
  /// The steps of a racer to a mark, of the seeds that came down to it.
  func steps(_ racer: PhotographRacer, _ mark: Int) -> Summary {
    Summary(racer.reached[mark].compactMap { $0.map { Double($0) } })
  }

  /// To take home.
  var lesson: String {
    guard let (_, ratio) = hardest else { return "" }
    return ratio.worded(
      from: 1, above: ", on photographs \(fixed(ratio.mean, 1)) times as many", below: ", on photographs fewer",
      withinChance: ", on photographs no more that we could see")
  }
  /// Who is faster in these nets.
  var answer: String {
    guard let (_, ratio) = hardest else { return "" }
    let faster = ratio.worded(
      from: 1, above: "the ReLU net is faster", below: "the tanh net is faster",
      withinChance: "neither is faster beyond chance")
    return ratio.direction(from: 6) == .below
      ? "**In our smaller net on photographs \(faster), and nowhere near six times.**"
      : "**In our smaller net on photographs \(faster).**"
  }
}

extension Activations {
  /// ReLU and tanh on photographs.
  ///
  /// - Parameter digits: steps of tanh over steps of ReLU on digits, to the lowest loss.
  static func addPhotographs(to page: inout Page, _ found: PhotographFindings, _ digits: Summary?) {
    guard let (mark, ratio) = found.hardest else { return }
    let racers = [Nonlinearity.relu, .tanh].compactMap { found[$0] }
    page.prose(
      """
      Our net, three convolutions and one dense layer, learns \(grouped(found.count)) photographs of \(found.data).
      """)
    let means = racers.map { found.steps($0, PhotographFindings.marks.firstIndex(of: mark) ?? 0).mean }
    let needed = "tanh needs \(fixed(means[1], 0)) steps, ReLU \(fixed(means[0], 0))"
    let title = ratio.worded(
      from: 1,
      above:
        "Photographs: tanh needs \(fixed(ratio.mean, 1)) times as many steps as ReLU to a training error of \(short(mark)) %, not 6 times",
      below: "Photographs: to a training error of \(short(mark)) % \(needed)",
      withinChance: "Photographs: to a training error of \(short(mark)) % \(needed), no difference beyond chance")
    let marks = PhotographFindings.marks.indices.filter { PhotographFindings.marks[$0] >= mark }
    page.figure(
      Figure(
        title,
        .lines(
          LineChart(
            x: Axis(
              "training error to reach (%): easy on the left, hard on the right", range: -63...(-mark + 3),
              ticks: marks.map { (-PhotographFindings.marks[$0], short(PhotographFindings.marks[$0])) }),
            y: Axis("steps", log: true),
            racers.map { racer in
              let steps = marks.map { found.steps(racer, $0) }
              return Series(
                racer.function.name, x: marks.map { -PhotographFindings.marks[$0] }, y: steps.map(\.mean),
                deviation: steps.map(\.deviation), drawsDeviation: false,
                style: racer.function == .relu ? .line : .points,
                isEmphasized: racer.function == .relu, color: racer.function.color)
            } + [
              Series(
                "six times ReLU's", x: marks.map { -PhotographFindings.marks[$0] },
                y: marks.map { 6 * found.steps(racers[0], $0).mean }, style: .line, color: 6)
            ])),
        caption: """
          Steps until at most this share of the training images is wrong; mean of \
          \(counted(found.seeds, "seed")).
          """,
        name: "photographs"))
    page.project(
      ratio.worded(
        from: 1, above: "Photographs: ReLU is ahead, \(fixed(ratio.mean, 1)) times",
        below: "Photographs: tanh is ahead", withinChance: "Photographs: tanh is as fast as ReLU"))
    page.prose(
      """
      The paper's net is wider and learns five times as many photographs; its authors write that the size of the effect varies with the \
      architecture.\(digits.map { " In a small conv net on digits, down to a loss of \(short(lowTarget)), \(digitWords($0))." } ?? "")
      """)
  }

  private static func digitWords(_ ratio: Summary) -> String {
    ratio.worded(
      from: 1, above: "tanh needs \(fixed(ratio.mean, 1)) times as many steps as ReLU",
      below: "tanh needs fewer steps than ReLU",
      withinChance: "tanh needs as many steps as ReLU, within chance")
  }

  /// The net of the photographs, and how it was trained.
  static func photographProtocol(_ found: PhotographFindings) -> String {
    let racers = [Nonlinearity.relu, .tanh].compactMap { found[$0] }
    let rates = racers.map { racer in
      "\(listed(racer.rates.map { short(Double($0)) })) for \(racer.function.name), which takes \(short(Double(racer.rate)))"
    }
    return """
      Photographs: three times 5 × 5 convolution (16, 16 and 32 filters, padding 2), activation and `nn.MaxPool2d(2)`, then \
      `nn.Linear(512, 10)`; He's first weights for ReLU, Xavier's for tanh. \(found.data), from JPEG copies: the first \
      \(grouped(found.count)) training images and all \(grouped(found.testCount)) test images, each channel shifted and scaled to mean 0 and \
      standard deviation 1. Plain gradient descent in batches of 32. Tried on one other seed: \(rates.joined(separator: "; ")).
      """
  }
}
