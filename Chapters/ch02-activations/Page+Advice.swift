// The page of chapter 2: what an evaluation costs, why ReLU won, what to use.

import Foundation
import Workbook

extension Activations {
  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings, isRecorded: Bool) {
    let (more, relu) = (costs.steps[1] / costs.steps[0] - 1, costs.elements[Nonlinearity.relu.rawValue])
    page.prose(
      """
      ## What one evaluation costs

      An exponential costs time. On \(isRecorded ? "the machine of the recorded run" : "this machine") one evaluation, forward and back, takes \
      \(fixed(costs.ratios[Nonlinearity.sigmoid.rawValue], 1)) times ReLU's time with a sigmoid, \
      \(fixed(costs.ratios[Nonlinearity.tanh.rawValue], 1)) times with tanh (computed here as a quotient of two polynomials) and \
      \(fixed(costs.ratios[Nonlinearity.elu.rawValue], 0)) times with ELU. But a whole training step of the convolutional net \
      \(more > 0.02 ? "takes only \(percent(more)) longer with tanh than with ReLU" : "takes about as long with tanh as with ReLU"), \
      because most of the time goes into the convolutions.
      """)
    page.fold("The times, one by one") {
      $0.table(
        Table(
          "Nanoseconds for one number, on one thread; the shortest of many rounds",
          columns: [
            "activation", .init("forward", digits: 2), .init("back", digits: 2), .init("both", digits: 2),
            .init("both ÷ ReLU's", digits: 1),
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
  static func addWhy(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Why did ReLU replace tanh?

      \(findings.speedWords) \(lossWords(findings.deepNets))

      So why does everybody use ReLU? In the papers it won by results on photographs, in nets larger than ours. Jarrett et al. 2009 found that \
      convolutional nets recognize objects better with rectified outputs (they took the absolute value after tanh). Nair and Hinton 2010 \
      reported the same for $\\max(0, x)$ in restricted Boltzmann machines. Glorot et al. 2011 trained deep nets of ReLUs, without the pretraining \
      that was usual then, as well as nets of tanh or better. In 2012 AlexNet won the ImageNet contest with ReLU, and since then published \
      recipes, with their weights and rates, have been made for it. What ReLU is worth in nets of that size this page cannot say.
      """)
    if let sizes = findings.sizes, sizes.stacks.count == Stack.all.count { addStacks(to: &page, sizes) }
  }

  /// tanh against ReLU in the deep nets.
  private static func lossWords(_ deep: DeepFindings) -> String {
    let (tanh, relu) = (deep.nets[DeepNet.tanh], deep.nets[DeepNet.relu])
    func loss(_ net: DeepNet) -> String { fixed(net.losses.mean, 2) }
    return "In dense nets of \(DeepNet.depth) layers "
      + (tanh.losses - relu.losses).worded(
        above: "tanh ends at a higher loss, \(loss(tanh)) against \(loss(relu))",
        below: "tanh ends at a lower loss, \(loss(tanh)) against \(loss(relu))",
        withinChance: "tanh and ReLU end at the same loss, within chance")
      + (tanh.errors - relu.errors).worded(
        above: ", and tanh makes more test errors.", below: ", and tanh makes fewer test errors.", withinChance: ".")
  }

  /// tanh and ReLU at weights that are too small or too large.
  private static func addStacks(to page: inout Page, _ sizes: SizeFindings) {
    let factors = Stack.factors.map(Double.init)
    page.prose(
      """
      ### \(sizes.stackSlide)

      How exact must the size of the weights be? We train 16 layers of tanh and of ReLU with weights of \(factors.count) sizes.
      """)
    page.figure(
      Figure(
        sizes.stackTitle,
        .lines(
          LineChart(
            x: Axis("weights, times the reference", log: true, ticks: factors.map { ($0, short($0)) }),
            y: Axis("training loss", range: 0...2.5),
            zip(Stack.all, sizes.stacks).map { stack, nets in
              let places = nets.indices.filter { nets[$0].losses.mean.isFinite }
              return Series(
                "\(stack.function.name), \(stack.depth) layers", x: places.map { factors[$0] },
                y: places.map { nets[$0].losses.mean }, deviation: places.map { nets[$0].losses.deviation },
                isEmphasized: stack.function == .relu, color: stack.function.color)
            }, references: [.init(.horizontal, at: log(10), "guessing")])),
        caption: """
          Dense nets as in *Eight layers deep*, but with 16 layers, after \(grouped(sizes.steps)) steps; mean and standard deviation of \
          \(counted(sizes.stacks[0][0].losses.count, "seed")). Each point has the best of \(Stack.rates.count) rates from \(short(Double(Stack.rates[0]))) to \
          \(short(Double(Stack.rates[Stack.rates.count - 1]))). The factor multiplies the weights of all hidden layers.\
          \(sizes.stacks.joined().allSatisfy { $0.losses.mean.isFinite } ? "" : " A line ends where the net diverges.")
          """,
        name: "stacks"))
    page.project(sizes.stackSlide)
    page.prose(
      """
      \(sizes.stackWords)

      Small first weights do not explain why ReLU replaced tanh. Before Glorot and Bengio 2010 they often had a standard deviation of \
      $1/\\sqrt{3n}$, which is \(fixed(1 / 3.0.squareRoot(), 2)) times the reference weights of tanh and only \
      \(fixed(1 / 6.0.squareRoot(), 2)) times those of ReLU.
      """)
  }
}
