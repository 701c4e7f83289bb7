// The page of chapter 2: signs of gradients, rectifiers, dead units.

import Workbook

extension Activations {
  /// Inputs that are all positive.
  static func addZigZag(to page: inout Page, _ findings: Findings) {
    let walks = findings.walks
    page.prose(
      """
      ## Positive inputs make a narrow valley

      **A sigmoid has a second fault: its outputs, the inputs of the next layer, have a mean.** Say a unit's \
      inputs are 1 and 1.1. Raising both weights by 0.1 changes its sum by 0.21; raising the one and lowering the \
      other, by 0.01 only. So the loss is steep in one direction and flat in the other: a narrow valley. It forces a \
      small rate (chapter 3).

      Lectures often explain this by the signs. For a unit with the sum $z = \\sum_i w_i x_i$ the chain rule gives \
      $\\partial L/\\partial w_i = (\\partial L/\\partial z)\\, x_i$. So if every $x_i$ is positive, one sample moves \
      all weights up, or all \
      of them down, and a unit whose weights should become 1 and −1 has to zigzag.
      """)
    func same(_ walks: [TwoWeights.Path]) -> Double { Summary(walks.map(\.sameSign)).mean }
    func distance(_ walks: [TwoWeights.Path]) -> String { short(Summary(walks.map(\.distance)).mean) }
    let reaches = Summary(walks[0].map(\.distance)).mean < 0.01
    let far = means.firstIndex(of: farMean) ?? 0
    var frames = means.indices.map { (name: short(means[$0]), unit: TwoWeights(mean: means[$0]), walks: walks[$0]) }
    // The control: the narrower the valley, the better it shows.
    let control: (mean: Double, walks: [TwoWeights.Path])? =
      findings.turnedFar.map { (farMean, $0) } ?? findings.turned.map { (turnedMean, $0) }
    if let control {
      frames.append(
        ("\(short(control.mean)), turned by 45°", TwoWeights(mean: control.mean, isTurned: true), control.walks))
    }
    page.figure(
      Figure(
        "\(reaches ? "With mean 0 the walks reach the goal" : "With mean 0 the walks end \(distance(walks[0])) from the goal"); with mean \(short(farMean)) they end \(distance(walks[far])) from it",
        exploring: FigureParameter(
          "mean of the inputs", names: frames.map(\.name), initial: far),
        name: "zigzag",
        titles: { frame in
          let (name, _, all) = frames[Int(frame)]
          return
            "Mean \(name): both weights move the same way in \(percent(same(all))) of the steps, and the walks end \(distance(all)) from the goal"
        },
        captions: { frame in
          let (_, unit, all) = frames[Int(frame)]
          return """
            Means of \(counted(all.count, "walk")) of \(walkSteps) steps, one sample each, at the rate 0.5 / (mean of \
            |x|²); the first walk is \
            drawn, on curves of equal loss. Inputs: mean ± \
            ½\(unit.isTurned ? ", and then turned by 45° together with the goal" : ""). \
            \(unit.condition < 1.05 ? "The valley is round." : "The valley is \(fixed(unit.condition, 0)) times as curved across as along.")
            """
        }
      ) { frame in
        let (_, unit, all) = frames[Int(frame)]
        let (x, y) = unit.isTurned ? (-1.2...1.2, -1.5...0.1) : (-0.6...1.8, -1.4...0.2)
        return .contour(
          ContourPlot(
            x: Axis("first weight", range: x), y: Axis("second weight", range: y), heights: unit.heights(x, y),
            levels: [0.02, 0.08, 0.25, 0.7, 1.8],
            paths: [
              Series("start", x: [0], y: [0], style: .points, color: 2),
              Series("path", x: all[0].a, y: all[0].b, style: .line, isEmphasized: true, color: 1),
              Series("goal", x: [unit.best.0], y: [unit.best.1], style: .points, color: 0),
            ], hasEqualScales: true))
      })
    page.project("Inputs with a mean: a narrow valley, a slow walk")
    let turned =
      control.map { mean, turned in
        let straight = means.firstIndex(of: mean).map { walks[$0] } ?? walks[2]
        return """
          Turn the inputs and the goal by 45° (the last frame). The valley turns with them and is as narrow as before, \
          so the walk ends \
          as far from the goal (\(distance(straight)) and \(distance(turned))). But now both weights move the same way \
          in only \
          \(percent(same(turned))) of the steps.
          """
      } ?? "Turn inputs and goal by 45°: the walk is the same, turned, and the signs are mixed in half of the steps."
    page.prose(
      """
      Why \(fixed(TwoWeights(mean: farMean).condition, 0))? Along the valley one weight rises as the other falls, and \
      the means $m$ of the inputs cancel: the curvature is their variance, $\\frac{1}{12}$ for numbers spread evenly \
      over $m \\pm \\frac{1}{2}$. Across, where both weights rise, the means add $2m^2$. With $m = \(short(farMean))$ that is \(fixed(1 / 12.0 + 2 * farMean * farMean, 3)) over \(fixed(1 / 12.0, 3)).

      **The valley is the cause, the signs are not.** \(turned)
      """)
  }

  /// ReLU and its slope.
  static func addReLU(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## ReLU

      **ReLU keeps its slope of 1 however large its input is.**

      $$\\mathrm{ReLU}(x) = \\max(0, x) \\qquad \\mathrm{ReLU}' = 1 \\text{ where } x > 0, \\text{ else } 0$$

      So there is no saturation on that side. At exactly 0 there is no slope; in practice one uses 0. On the \
      left both are 0, and a unit can get stuck there: *Dead units*.

      ReLU's outputs are positive, too: in the second layer of the two-layer net their mean is \
      \(fixed(findings.census.offsets[Nonlinearity.relu.rawValue].mean, 2)) of their standard deviation (the \
      sigmoid's: \(fixed(findings.census.offsets[Nonlinearity.sigmoid.rawValue].mean, 1)), ELU's: \
      \(fixed(findings.census.offsets[Nonlinearity.elu.rawValue].mean, 2))). Whether that harms ReLU we did not test. Batch norm takes it \
      away in front of each activation.

      In NumPy, where `dy` is the gradient of the loss with respect to `y`:

      ```python
      y = np.maximum(0, x)               # ReLU;        dx = dy * (x > 0)
      y = np.where(x > 0, x, 0.01 * x)   # leaky ReLU;  dx = dy * np.where(x > 0, 1, 0.01)
      y = np.tanh(x)                     # tanh;        dx = dy * (1 - y**2)
      y = 1 / (1 + np.exp(-x))           # sigmoid;     dx = dy * y * (1 - y)
      ```

      In PyTorch these are `nn.ReLU()`, `nn.LeakyReLU(0.01)`, `nn.Tanh()` and `nn.Sigmoid()`.
      """)
  }

  /// The census.
  static func addDeadUnits(to page: inout Page, _ findings: Findings) {
    let deaths = findings.census.whole
    let (rates, hot) = (deaths.rates, deaths.hot)
    let (hotDead, coolDead) = (deaths.dead(0, hot), deaths.dead(0, 0))
    // Up to the last rate at which hardly any is dead, the share at the one with most dead.
    let calm = rates.indices.prefix { deaths.dead(0, $0).mean < 0.005 }
    let most = calm.max { deaths.dead(0, $0).mean < deaths.dead(0, $1).mean }.map { deaths.dead(0, $0).values } ?? []
    let (lifeless, all) = (Int((most.reduce(0, +) * Double(hiddenUnits)).rounded()), most.count * hiddenUnits)
    let cool = lifeless == 0 ? "none" : "at most \(lifeless) of \(grouped(all)) units"
    let safe = calm.last.map { rates[$0] } ?? rates[0]
    page.prose(
      """
      ## Dead units

      A ReLU whose sum is negative for *every* sample gets no gradient: it is **dead**, and plain gradient descent \
      leaves its weights as they are. It comes back only if the layers before it change its inputs.
      """)
    let units = CloudUnit.biases.map { CloudUnit(bias: $0) }
    page.figure(
      Figure(
        "A ReLU is dead when all the data lie on its silent side",
        .lines(
          LineChart(
            x: Axis("first input", range: CloudUnit.across), y: Axis("second input", range: CloudUnit.up),
            units.enumerated().map { place, unit in
              Series(
                "bias \(short(unit.bias)): answers \(unit.on.x.isEmpty ? "none" : unit.off.x.isEmpty ? "all" : "\(unit.on.x.count)")",
                x: unit.line.x,
                y: unit.line.y, style: .line, isEmphasized: unit.on.x.isEmpty, color: [2, 0, 1][place])
            } + [
              Series(
                "samples", x: units[0].on.x + units[0].off.x, y: units[0].on.y + units[0].off.y, style: .points,
                color: 6)
            ], hasEqualScales: true)),
        caption:
          "A unit with weights (\(CloudUnit.weights.0), \(CloudUnit.weights.1)), three biases, and 150 samples. It answers those to the right of its line. In many dimensions the line is a hyperplane.",
        name: "cloud"))
    page.project("Too negative a bias: the unit answers nothing")
    page.live(
      "unit", "Drag the unit’s line off its cloud, or let a rate throw it there",
      caption: """
        The unit learns the output of another unit on these samples. Drag its line, or change the rate, the batch and \
        the activation.
        """,
      figure: "cloud",
      settings: ["angle": 37, "bias": -1, "activation": 0, "rate": 0.1, "batch": 10, "speed": 1, "seed": 1])
    page.prose(
      """
      Why does a long step kill? A step at the rate $\\eta$ on a sample $x$ with the slope $\\delta = \\partial \
      L/\\partial z$ changes \
      the weights by $-\\eta\\delta x$ and the bias by $-\\eta\\delta$. So the sum of another sample $x'$ changes by

      $$-\\eta\\,\\delta\\,(x \\cdot x' + 1)$$

      Outputs of ReLUs are never negative. So behind the first layer neither is $x \\cdot x'$: the sums of *all* \
      samples move the same way. If $\\delta > 0$ and $\\eta$ is large, all of them can fall below 0 in one step.

      How many units die in a net? We train it, send \(grouped(findings.census.probeCount)) images through, and count \
      the hidden units that answer none. In PyTorch, for a `net` and many images `x`:

      ```python
      shares = []
      def count(layer, inputs, h):                # h: what one ReLU gives out
          units = h.transpose(0, 1).flatten(1)    # a row for each unit, or each channel
          shares.append((units <= 0).all(dim=1).float().mean().item())

      relus = [m for m in net.modules() if isinstance(m, nn.ReLU)]
      hooks = [m.register_forward_hook(count) for m in relus]
      net.eval()
      with torch.no_grad():
          net(x)
      for hook in hooks: hook.remove()
      net.train()
      print(shares)                               # share of the dead, ReLU after ReLU
      ```

      It counts `nn.ReLU` modules, not calls of `F.relu`.
      """)
    if hotDead.count > 0 {
      page.predict(
        "The two-layer net learns digits at rates from \(rates[0]) up to \(rates[hot]). How does the share of dead units change with the rate? Draw it in the figure below.",
        drawing: CensusExperiment.kinds[0].name,
        "Up to a rate of \(safe) \(cool) are dead; at \(rates[hot]), \(percent(hotDead.mean)) are.")
      page.project("At which rate do ReLUs die?")
    }
    let rows = findings.census.rows
    let drawn = Array(rows.indices)
    let lost = drawn.filter { rows[$0].diverged(hot) > 0 }.map { "\(rows[$0].diverged(hot)) of “\(rows[$0].name)”" }
    page.figure(
      Figure(
        hotDead.mean > coolDead.mean + 0.05
          ? "Too high a rate kills: up to a rate of \(safe) hardly any ReLU is dead; at \(rates[hot]), \(percent(hotDead.mean)) are"
          : hotDead.count == 0
            ? "At a rate of \(rates[hot]) every net of this run diverged"
            : "In this run no rate kills many ReLUs: \(percent(hotDead.mean)) at \(rates[hot])",
        .lines(
          LineChart(
            x: Axis("learning rate", ticks: rates.map { (Double($0), "\($0)") }),
            y: Axis("dead units (%)", range: 0...deadAxis(drawn.map { rows[$0] })),
            drawn.map { place in
              let row = rows[place]
              let places = rates.indices.filter { row.dead($0).count > 0 }
              let dead = places.map { row.dead($0).inPercent }
              return Series(
                row.name, x: places.map { Double(rates[$0]) }, y: dead.map(\.mean),
                deviation: dead.allSatisfy { $0.count > 2 } ? dead.map(\.uncertainty) : [],
                drawsDeviation: row.worst > 0, isEmphasized: place == 0,
                color: [0, 1, 3][place])
            }.filter { !$0.x.isEmpty }, references: [.init(.vertical, at: Double(rates[deaths.best]), "lowest loss")])),
        caption: """
          The two-layer net after \(findings.census.steps) steps of plain gradient descent (\(findings.data)): the \
          mean of \(findings.census.seeds.count) nets, with its 95 % \
          interval\(lost.isEmpty ? "" : "; left out, because they diverged at \(rates[hot]): \(listed(lost))"). \
          ReLU's training loss: \(fixed(deaths.loss(deaths.best), 2)) at \
          \(rates[deaths.best]), the lowest, and \(fixed(deaths.loss(hot), 2)) at \(rates[hot]).
          """,
        name: "dead-units"))
    page.project(
      hotDead.mean > coolDead.mean + 0.05
        ? "Too high a rate kills ReLUs"
        : hotDead.count == 0 ? "At a rate of \(rates[hot]) every net diverges" : "No rate kills many here")
    if let born = bornWords(deaths) { page.prose(born) }
    if let units = findings.units { addDeepUnits(to: &page, units, findings) }
  }

  /// Up to where the share of the dead is drawn, in per cent.
  private static func deadAxis(_ rows: [CensusFindings.Row]) -> Double {
    let shares = rows.flatMap { row in
      row.nets.indices.map { row.dead($0).inPercent }.map { $0.mean + ($0.count > 2 ? $0.uncertainty : 0) }
    }
    return max(1, 1.1 * (shares.filter(\.isFinite).max() ?? 1))
  }

  /// Which of the dead were born so; nil where that was not counted.
  private static func bornWords(_ deaths: CensusExperiment) -> String? {
    guard let born = deaths.born(0), let before = deaths.bornAndDead(0, deaths.hot) else { return nil }
    if born.mean == 0 {
      return "Before training not one of the ReLUs is dead in the two-layer net, so training kills them."
    }
    return
      "Before training \(short(100 * born.mean)) % of the ReLUs are dead; of those dead at the end, \(percent(1 - before.mean / deaths.dead(0, deaths.hot).mean)) were alive before."
  }
}
