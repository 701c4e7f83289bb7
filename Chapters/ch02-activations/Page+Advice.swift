// The page of chapter 2: what an evaluation costs, why ReLU won, what to use.

import Foundation
import Workbook

extension Activations {
  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings) {
    let (more, relu) = (costs.steps[1] / costs.steps[0] - 1, costs.elements[Nonlinearity.relu.rawValue])
    page.prose(
      """
      ## What one evaluation costs

      An exponential costs, even computed eight at a time as here. On this machine one evaluation, forward and back, takes \
      \(fixed(costs.ratios[Nonlinearity.sigmoid.rawValue], 1)) times ReLU's time with a sigmoid, \
      \(fixed(costs.ratios[Nonlinearity.tanh.rawValue], 1)) times with tanh (a quotient of two polynomials here) and \
      \(fixed(costs.ratios[Nonlinearity.elu.rawValue], 0)) times with ELU, about \
      \(fixed((costs.elements[Nonlinearity.elu.rawValue].forward + costs.elements[Nonlinearity.tanh.rawValue].backward) / relu.both, 0)) \
      if the library took ELU's slope from its output. But a whole training step of the convolutional net above \
      \(more > 0.02 ? "takes only \(percent(more)) longer with tanh than with ReLU" : "takes about as long with tanh as with ReLU"): the \
      convolutions cost the same. Where memory is the limit, as on most graphics processors, the function matters even less.
      """)
    page.fold("The times, one by one") {
      $0.table(
        Table(
          "Nanoseconds for one number, on one thread of this machine; the least of many rounds",
          columns: [
            "activation", .init("forward", digits: 2), .init("back", digits: 2), .init("both", digits: 2),
            .init("both, ÷ ReLU's", digits: 1),
          ],
          rows: Nonlinearity.allCases.map { function in
            let cost = costs.elements[function.rawValue]
            return [
              TableCell(function.name), TableCell(cost.forward), TableCell(cost.backward), TableCell(cost.both),
              TableCell(cost.both / relu.both),
            ]
          }))
    }
  }

  /// The question that the page opens with.
  ///
  /// - Parameter sizes: deep nets at weights of several sizes, of a full run.
  static func addWhy(to page: inout Page, _ findings: Findings, _ sizes: SizeFindings?) {
    let (deep, depth, race) = (findings.deepNets, findings.depth, findings.race)
    func loss(_ place: Int) -> String { fixed(deep.nets[place].losses.mean, 2) }
    func steps(_ function: Nonlinearity) -> String {
      guard let racer = race.racers.first(where: { $0.function == function }) else { return "–" }
      return racer.arrives
        ? "\(fixed((racer.steps / race[.relu].steps).mean, 2)) times the steps"
        : "\(racer.arrivals) of \(racer.reached.count) arrive in \(race.limit) steps"
    }
    func times(_ function: Nonlinearity) -> String {
      "\(fixed(findings.costs.ratios[function.rawValue], 1)) times the time"
    }
    let step = findings.costs.steps[1] / findings.costs.steps[0] - 1
    let price = step > 0.02 ? "\(percent(step)) of a step's time" : "hardly any time"
    page.prose(
      """
      ## Why did ReLU win?

      Against the sigmoid: it trains deep nets. Against tanh, on digits: \(isTanhAbove(deep) ? "a lower loss in \(DeepNet.depth) layers, and \(price)" : price). \
      Why it won on photographs this page cannot say. What is said for it, and what was measured of that:
      """)
    page.table(
      Table(
        "ReLU's reasons, on digits",
        columns: ["said for ReLU", "ReLU", "sigmoid", "tanh"],
        rows: [
          [
            "no saturation on one side: a gradient survives \(Activations.depth) layers, usual weights",
            TableCell(short(depth.typical(1, DepthExperiment.relu)[Activations.depth - 1])),
            TableCell(short(depth.typical(1, 0)[Activations.depth - 1])),
            TableCell(short(depth.typical(1, 1)[Activations.depth - 1])),
          ],
          [
            "\(DeepNet.depth) layers learn: training loss after \(grouped(deep.steps)) steps",
            TableCell(loss(DeepNet.relu)),
            "\(loss(DeepNet.sigmoid)); \(fixed((findings.matchedSigmoid ?? deep.nets[DeepNet.large]).losses.mean, 2)) with \(findings.matchedSigmoid == nil ? short(Double(DeepNet.kinds[DeepNet.large].factor)) : short(Double(SizedSigmoid.matchedFactor))) times the weights\(findings.matchedSigmoid == nil ? "" : " behind the first layer")",
            TableCell(loss(DeepNet.tanh)),
          ],
          [
            "fewer steps, in a small conv net", "1", TableCell(steps(.sigmoid)), TableCell(steps(.tanh)),
          ],
          ["cheap: forward and back", "1", TableCell(times(.sigmoid)), TableCell(times(.tanh))],
          [
            "sparse: units above 0", TableCell(percent(findings.census.active.mean)), "all", "–",
          ],
        ]))
    if let sizes, sizes.stacks.count == Stack.all.count { addStacks(to: &page, sizes) }
    let plain = (deep.nets[DeepNet.sigmoid].losses - deep.nets[DeepNet.relu].losses).direction() == .above
    let best = findings.sigmoidOverReLU
    let slower = (best - Summary(best.values.map { _ in 1 })).direction() == .above
    let fault =
      sizes.map { $0.isMean ? ": they make up for its slope and not for its mean" : "" }
      ?? (deep.faults?.makesTanh(deep) == true ? ", because of its slope and its mean" : "")
    let deaths = findings.census.experiment
    let dead = deaths.dead(0, deaths.hot)
    page.prose(
      """
      \(plain ? "Against the sigmoid: \(DeepNet.depth) layers of it learn nothing with the weights that were usual, and \(slower ? "less than ReLU" : "as much as ReLU") with weights that suit it\(fault). " : "")What depth does to tanh's gradient is a matter of the weights' size, and in 30 layers tanh ends no \
      higher than ReLU (chapter 4).

      What did ReLU cost? \(dead.count > 0 && dead.mean > 0.01 ? "Units that die at too high a rate, \(percent(dead.mean)) of them at \(deaths.rates[deaths.hot]), and outputs" : "Outputs") with a mean, \
      \(fixed(findings.census.offsets[Nonlinearity.relu.rawValue].mean, 2)) of their spread.

      Not shown here: whether sparse outputs help by themselves (Glorot et al. 2011 think so), and what made ReLU the standard, large \
      nets trained for days on photographs (Krizhevsky et al. 2012).
      """)
  }

  /// tanh and ReLU at weights that are too small or too large.
  private static func addStacks(to page: inout Page, _ sizes: SizeFindings) {
    let factors = Stack.factors.map(Double.init)
    page.figure(
      Figure(
        sizes.stackTitle,
        .lines(
          LineChart(
            x: Axis("weights, times the usual", log: true, ticks: factors.map { ($0, short($0)) }),
            y: Axis("training loss", range: 0...2.5),
            zip(Stack.all, sizes.stacks).map { stack, nets in
              let places = nets.indices.filter { nets[$0].losses.mean.isFinite }
              return Series(
                "\(stack.function.name), \(stack.depth) layers", x: places.map { factors[$0] },
                y: places.map { nets[$0].losses.mean }, deviation: places.map { nets[$0].losses.deviation },
                isEmphasized: stack.function == .relu, color: stack.function.color)
            }, references: [.init(.horizontal, at: log(10), "guessing")])),
        caption: """
          The recorded run: dense nets as above with 16 layers, \(grouped(sizes.steps)) steps, \(counted(sizes.stacks[0][0].losses.count, "seed")), each \
          point at the best of \(Stack.rates.count) rates from \(short(Double(Stack.rates[0]))) to \
          \(short(Double(Stack.rates[Stack.rates.count - 1]))). The factor is on the weights of all hidden layers.\
          \(sizes.stacks.joined().allSatisfy { $0.losses.mean.isFinite } ? "" : " A line ends where the net diverges.")
          """,
        name: "stacks"))
    page.project(sizes.stackSlide)
    page.prose(sizes.stackWords)
  }

  /// Which one to use.
  ///
  /// - Parameter full: the deep nets of a full run, this one or the recorded one.
  static func addAdvice(to page: inout Page, _ findings: Findings, full: DeepFindings?) {
    let (race, deep) = (findings.race, findings.deepNets)
    page.prose(
      """
      ## Which one should I use?

      The lecture notes S2 advise: ReLU by default, with a careful rate; try leaky ReLU, ELU and maxout; expect little of tanh; do not \
      use the sigmoid. The measurements of this page in one table:
      """)
    page.table(
      Table(
        "\(counted(race.racers.count, "activation")), each at the rate that the trial seeds chose. Conv: the net of the race, steps to a loss of \(target), test error (%) after \(race.limit) steps; deep: the dense net of \(DeepNet.depth) hidden layers, loss and test error (%) after \(deep.steps) steps",
        columns: [
          "activation", .init("conv: steps", digits: 0), .init("conv: error", digits: 1),
          .init("deep: loss", digits: 2),
          .init("deep: error", digits: 1),
        ],
        rows: race.racers.map { racer in
          let net = DeepNet.kinds.firstIndex { $0.function == racer.function && $0.factor == 1 }
          return [
            TableCell(racer.function.name),
            racer.arrives
              ? .measured(racer.steps)
              : TableCell(
                racer.arrivals == 0
                  ? "> \(race.limit)" : "\(racer.arrivals) of \(racer.reached.count) reach it"),
            racer.errors.count > 0 ? .measured(racer.errors) : TableCell("–"),
            net.map { .measured(deep.nets[$0].losses) } ?? TableCell("–"),
            net.map { .measured(deep.nets[$0].errors) } ?? TableCell("–"),
          ]
        }))
    let failing = race.racers.filter { $0.diverged > 0 }
    let behind = fallenBehind(race)
    page.project(
      race[.relu].reached.count < 3 ? "Which activation should I use?" : behind.replacing(".", with: ""))
    page.prose(
      """
      \(([behind] + failing.map { "\($0.diverged) of \($0.function.name)'s \(counted($0.reached.count, "run")) diverged and \($0.diverged == 1 ? "is" : "are") left out of its error: the rate that its trial seeds chose is too near the edge." }).joined(separator: " ")) \
      \(rivals(deep)) \(rarerWords(full, isHere: findings.deepNets.rarer != nil))

      Begin with ReLU because \(findings.costs.isReLUCheapest ? "none is cheaper and " : "")everyone's recipes assume it, count the \
      dead, and spend the time on the learning rate. Two others have homes of their own, neither of them tried here on what they are \
      used for: GELU in transformers (BERT, GPT-2) and in convolutional nets made in their image (ConvNeXt), SiLU in mobile nets \
      (EfficientNet) and, with a gate, in most language models of today. In a net that somebody else has trained, keep the one it was \
      trained with.
      """)
  }

  /// Who needs more steps than ReLU in the race, beyond chance.
  private static func fallenBehind(_ race: RaceFindings) -> String {
    guard race[.relu].reached.count >= 3 else { return "So few seeds cannot tell who falls behind in the race." }
    let slow = race.racers.filter {
      $0.function != .relu && (!$0.arrives || ($0.steps - race[.relu].steps).direction() == .above)
    }.map(\.function)
    if slow.contains(.sigmoid) { return "In the race the sigmoid falls behind." }
    let names = slow.map(\.name).joined(separator: " and ")
    return slow.isEmpty
      ? "In the race none clearly falls behind." : "In the race \(names) \(slow.count == 1 ? "falls" : "fall") behind."
  }

  /// The net that ends lower than ReLU's eight layers deep, if one does beyond chance, with the intervals.
  private static func rivals(_ deep: DeepFindings) -> String {
    let relu = deep.nets[DeepNet.relu]
    let lowest = DeepNet.rivals.min { deep.nets[$0].losses.mean < deep.nets[$1].losses.mean } ?? DeepNet.relu
    let (loss, error) = (relu.losses - deep.nets[lowest].losses, relu.errors - deep.nets[lowest].errors)
    guard loss.direction() == .above else {
      return "Eight layers deep none ends at a lower loss than ReLU beyond chance."
    }
    return
      "Eight layers deep \(DeepNet.kinds[lowest].name) ends below ReLU, by a loss of \(loss.withInterval(2)); "
      + "its test error is \(error.mean < 0 ? "higher" : "lower") by \(error.magnitude.withInterval(1)) points\(isClear(error, beyond: 0) ? "" : ", within chance")."
  }

  /// What came of the activations that full runs alone train, against ReLU.
  private static func rarerWords(_ full: DeepFindings?, isHere: Bool) -> String {
    guard let full, let rarer = full.rarer, rarer.count == RarerActivation.allCases.count else {
      return "PReLU, GELU and maxout were not trained."
    }
    let relu = full.nets[DeepNet.relu]
    let losses = zip(RarerActivation.allCases, rarer).map { kind, net in
      "\(fixed(net.losses.mean, 2)) with \(kind.name)\(kind == .maxout ? " of as many parameters" : "")"
    }
    let errors = zip(RarerActivation.allCases, rarer).map { kind, net in (kind.name, net.errors - relu.errors) }
    func said(_ direction: Summary.Direction, _ word: String) -> [String] {
      errors.filter { $1.direction(among: errors.count) == direction }.map { name, points in
        "\(name) makes \(fixed(points.magnitude.mean, 1)) points \(word) errors than ReLU"
      }
    }
    let found = (said(.below, "fewer") + said(.above, "more")).joined(separator: ", ")
    return """
      Three that are not in the table\(isHere ? "" : ", in the recorded full run"): after \(grouped(full.steps)) steps a loss of \
      \(losses.joined(separator: ", ")), of \(fixed(relu.losses.mean, 2)) with ReLU; on test digits \
      \(found.isEmpty ? "none differs from ReLU beyond chance" : found + ", beyond chance").
      """
  }
}
