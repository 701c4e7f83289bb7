// The page of chapter 2: the race on photographs.

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
  /// By how much more test errors tanh makes than ReLU at the end, in points.
  var errorsOfTanh: Summary? {
    guard let tanh = self[.tanh], let relu = self[.relu], tanh.errors.count == relu.errors.count else { return nil }
    return tanh.errors - relu.errors
  }

  /// For the lead.
  var inShort: String {
    guard let (_, ratio) = hardest else { return "" }
    return ratio.worded(
      from: 1, above: " On photographs ReLU learns \(fixed(ratio.mean, 1)) times as fast as tanh, not six times.",
      below: " On photographs ReLU learns no faster than tanh.",
      withinChance: " In a small net on photographs ReLU learns as fast as tanh, not six times as fast.")
  }
  /// To take home.
  var lesson: String {
    guard let (mark, ratio) = hardest else { return "" }
    return ratio.worded(
      from: 1,
      above:
        "On photographs tanh needs \(fixed(ratio.mean, 1)) times as many steps to a training error of \(short(mark)) %.",
      below: "On photographs tanh needs fewer steps to a training error of \(short(mark)) %.",
      withinChance: "On photographs tanh and ReLU need about as many steps to a training error of \(short(mark)) %.")
  }
  /// A name with the weights that were used.
  func name(_ racer: PhotographRacer) -> String {
    racer.function.name + (racer.factor == 1 ? "" : ", weights × \(short(Double(racer.factor)))")
  }
}

extension Activations {
  /// ReLU, tanh and the sigmoid on photographs.
  static func addPhotographs(to page: inout Page, _ found: PhotographFindings) {
    guard let (mark, ratio) = found.hardest, let relu = found[.relu] else { return }
    page.prose(
      """
      ### On photographs

      Now the paper's own question: how many steps until a net misclassifies only \(short(mark)) % of its training photographs? Our net has four \
      layers, like the paper's: three convolutions of 5×5 with 16, 16 and 32 channels, each followed by the activation and by max pooling, and one dense layer. It \
      learns \(grouped(found.count)) photographs of \(found.data), each activation at its own rate.
      """)
    page.fold("The net, in Swift") { $0.code("photographNet", in: "Photographs.swift") }
    page.predict(
      "To misclassify only \(short(mark)) % of its training photographs, how many times as many steps as ReLU does tanh need in this net?",
      unit: "times", within: 0.3, answer: ratio.mean, "The paper found 6.")
    let title = ratio.worded(
      from: 1,
      above:
        "Photographs: tanh needs \(fixed(ratio.mean, 1)) times as many steps as ReLU to a training error of \(short(mark)) %, not 6 times",
      below: "Photographs: tanh needs fewer steps than ReLU to a training error of \(short(mark)) %",
      withinChance: "Photographs: tanh and ReLU need about as many steps to a training error of \(short(mark)) %")
    page.figure(
      Figure(
        title,
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("training error (%)", range: 0...100),
            found.racers.map { racer in
              Series(
                found.name(racer), x: racer.curve.indices.map { Double(($0 + 1) * PhotographFindings.stretch) },
                y: racer.curve, style: .line, isEmphasized: racer.function == .relu, color: racer.function.color)
            }, references: [.init(.horizontal, at: mark, "a quarter wrong")])),
        caption: """
          Share of the training images that a net misclassifies when they come, averaged over \(PhotographFindings.stretch) batches of 32 and over \
          \(counted(found.seeds, "seed")), until the first of these is down at \(short(mark)) %. Rates: \
          \(found.racers.map { "\(found.name($0)) \(short(Double($0.rate)))" }.joined(separator: ", ")).
          """,
        name: "photographs"))
    page.project(
      ratio.worded(
        from: 1, above: "Photographs: ReLU is ahead, \(fixed(ratio.mean, 1)) times",
        below: "Photographs: tanh is ahead", withinChance: "Photographs: tanh is as fast as ReLU"))
    page.prose(photographWords(found, mark, ratio, relu))
    page.fold("How this was measured") { $0.prose(photographProtocol(found, mark)) }
  }

  private static func photographWords(
    _ found: PhotographFindings, _ mark: Double, _ ratio: Summary, _ relu: PhotographRacer
  ) -> String {
    func steps(_ racer: PhotographRacer?) -> String {
      let place = PhotographFindings.marks.firstIndex(of: mark) ?? 0
      return grouped(Int((racer?.reached[place].compactMap { $0 }.map { Double($0) }).map { Summary($0).mean } ?? 0))
    }
    let place = PhotographFindings.marks.firstIndex(of: mark) ?? 0
    let easier = PhotographFindings.marks.indices.filter { $0 < place && found.ratio($0).count > 2 }
    let others =
      easier.isEmpty
      ? ""
      : " To \(listed(easier.map { short(PhotographFindings.marks[$0]) })) % the ratio is \(listed(easier.map { fixed(found.ratio($0).mean, 2) }))."
    let errors =
      found.errorsOfTanh.map { more in
        let both = "\(fixed(found[.tanh]?.errors.mean ?? 0, 1)) % against \(fixed(relu.errors.mean, 1)) %"
        return more.worded(
          above: " Stopped there, tanh makes more test errors, \(both) (\(more.interval(1)) points more, 95 %).",
          below:
            " Stopped there, tanh makes fewer test errors, \(both) (\(more.magnitude.interval(1)) points fewer, 95 %).",
          withinChance: " Stopped there, they make as many test errors, \(both), within chance.")
      } ?? ""
    return """
      The tanh net needs \(steps(found[.tanh])) steps, the ReLU net \(steps(relu)): a ratio of \(fixed(ratio.mean, 2)) (95 % interval: \
      \(ratio.interval(2))).\(others)\(errors)\(sigmoidOnPhotographs(found, relu))

      The curves drop whenever a new pass through the photographs begins: there a photograph was last seen half a pass ago on average, at the end of a pass \
      one and a half. So a goal is often reached just after such a drop, and a small difference in steps says little.

      So the factor of 6 does not appear in this net. It is narrower than the paper's and learns a fifth of the photographs, and both \
      activations have weights of a suitable size and a rate of their own. Which of these makes the difference was not tested.
      """
  }

  private static func sigmoidOnPhotographs(_ found: PhotographFindings, _ relu: PhotographRacer) -> String {
    guard let sigmoid = found[.sigmoid], let last = [sigmoid.curve.count, relu.curve.count].min(), last > 0 else {
      return " The sigmoid was not run on photographs."
    }
    return
      " The sigmoid net, with \(short(Double(sigmoid.factor))) times the reference weights, falls far behind: after \(grouped(last * PhotographFindings.stretch)) steps it misclassifies \(fixed(sigmoid.curve[last - 1], 0)) % of its training photographs, the ReLU net \(fixed(relu.curve[last - 1], 0)) %.\(sigmoid.rate == sigmoid.rates.max() ? " (Its rate, \(short(Double(sigmoid.rate))), is the largest of those tried, so it might do better.)" : "")"
  }

  private static func photographProtocol(_ found: PhotographFindings, _ mark: Double) -> String {
    """
    \(found.data), from JPEG copies: the first \(grouped(found.count)) training images and all \(grouped(found.testCount)) test images, each channel \
    shifted and scaled to mean 0 and standard deviation 1. Plain gradient descent in batches of 32; the rate rises over the first \(Racer.warmUp) steps. \
    Tried on one seed that does not race: \
    \(found.racers.map { racer in "\(listed(racer.rates.map { short(Double($0)) })) for \(found.name(racer))" }.joined(separator: "; ")). A net \
    has come down to an error when the mean over \(PhotographFindings.window) batches is at it or below.
    """
  }
}
