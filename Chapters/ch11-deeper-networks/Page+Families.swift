// The page of chapter 11: the families, the challenge, and a photograph.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The families, built from their tables.
  static func addFamilies(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ### The families

      Three families show how depth grew, on ImageNet, a set of more than a million photographs in 1000 classes.
      """)
    page.table(
      Table(
        "Three families: parameters counted here; errors in the challenge (%), five answers for a photograph, several nets together",
        columns: ["net", "year", "layers", "idea", .init("parameters (M)", digits: 1), .init("errors (%)", digits: 1)],
        rows: [
          (net: "AlexNet", year: "2012", idea: "ReLUs and dropout; three large dense layers", error: 15.3),
          ("VGG-19", "2014", "only 3×3 windows: two see as much as a 5×5, with 18 weights for 25", 7.3),
          ("ResNet-152", "2015", "blocks with additions, one dense layer", 3.57),
        ].map { row in
          let family = findings.family(row.net)
          return [
            TableCell(row.net), TableCell(row.year), TableCell("\(family.depth)"), TableCell(row.idea),
            TableCell(Double(family.parameters) / 1e6), TableCell(row.error),
          ]
        }))
    page.prose(
      """
      VGG and ResNet have *stages*: layers whose maps have one size. The next stage halves height and width and doubles the \
      channels. With `Block` from above ResNet-34 is:

      ```python
      def stage(c_in, c, n, stride=2):
          return [Block(c_in, c, stride)] + [Block(c, c) for _ in range(n - 1)]

      resnet34 = nn.Sequential(
          nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64),
          nn.ReLU(), nn.MaxPool2d(3, 2, 1),
          *stage(64, 64, 3, stride=1), *stage(64, 128, 4),
          *stage(128, 256, 6), *stage(256, 512, 3),
          nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))
      ```
      """)
    page.fold("AlexNet, VGG, ResNet: how depth grew") { addThree(to: &$0, findings) }
  }

  /// Three families, and what they cost.
  private static func addThree(to page: inout Page, _ findings: Findings) {
    let (vgg19, resnet152) = (findings.family("VGG-19"), findings.family("ResNet-152"))
    page.prose(
      """
      The errors in the table above are those of several nets together, AlexNet's with extra training images. In 2012 the second \
      had 26.2 %, with features made by hand. One AlexNet alone had 18.2 %, one ResNet-152 4.5 %, on the validation images.

      - **AlexNet** begins with wide windows and a stride. It ends in three large dense layers, which hold most of its parameters.
      - **VGG** (2014) has up to 19 layers and uses windows of 3×3 only, one to four in a row, each with stride 1 and padding 1. Two of \
      them see 5×5 pixels, as one window of 5×5 does. For each pair of channels they need \(2 * 3 * 3) weights instead of \(5 * 5), \
      and they have one more ReLU. After each group of layers height and width are halved, and the channels double up to 512.
      - **ResNet** has blocks with additions and only one dense layer.
      """)
    page.figure(
      Figure(
        resnet152.multiplyAdds < vgg19.multiplyAdds
          ? "ResNet-152 is \(short(Double(resnet152.depth) / Double(vgg19.depth))) times as deep as VGG-19, with \(percent(Double(resnet152.multiplyAdds) / Double(vgg19.multiplyAdds))) of its multiply-adds and \(percent(Double(resnet152.parameters) / Double(vgg19.parameters))) of its parameters"
          : "ResNet-152 costs more than VGG-19",
        .lines(
          LineChart(
            x: Axis("multiply-adds for one image (billions)", log: true), y: Axis("parameters (millions)", log: true),
            findings.families.filter { !["AlexNet (S3)", "VGG-13"].contains($0.name) }.map { family in
              Series(
                family.name, x: [Double(family.multiplyAdds) / 1e9], y: [Double(family.parameters) / 1e6],
                style: .lineAndMarkers,
                color: ["AlexNet", "VGG", "ResNet"].firstIndex { family.name.hasPrefix($0) } ?? 3)
            })),
        caption: """
          Each point is a network, built and counted (VGG-13, between VGG-11 and VGG-16, is left out). A VGG has most of its parameters in its dense layers, a ResNet nearly all in its \
          convolutions.
          """, name: "families", isWide: true))
  }

  /// The networks in detail, names to look up.
  static func addCatalogue(to page: inout Page, _ findings: Findings) {
    let (families, exact) = (findings.families, findings.exactFamilies)
    page.table(
      Table(
        "Built and counted", columns: ["network", "table", "parameters", "multiply-adds"],
        rows: families.map {
          [TableCell($0.name), TableCell($0.table), TableCell($0.parameters), TableCell(giga($0.multiplyAdds))]
        }))
    page.prose(
      """
      \(exact == families.count ? "All \(exact)" : "\(exact) of \(families.count)") have the number of parameters that is \
      published, or that follows from S3's table. Equal counts do not prove that two nets are equal; `./workbook conformance` compares \
      their outputs with PyTorch's. The column “table” lists the channels of AlexNet, the convolutions in each stage of VGG, and the \
      blocks in each stage of ResNet. Up to ResNet-34 a block has two 3×3 convolutions; from ResNet-50 on it is a bottleneck. S3's NORM1 and \
      NORM2 are local response normalizations. AlexNet's two dense layers drop half of their units in training.
      """)
    page.code("layers", in: "Sources/NeuralNetworks/Models/ResNet.swift")
    let family = findings.family("ResNet-50")
    page.table(
      Table(
        "\(family.name), stage by stage",
        columns: ["from", "layers", "output", "parameters", "multiply-adds"],
        rows: family.stages.map {
          [
            TableCell($0.name), TableCell($0.layers), TableCell("\(Shape($0.output))"), TableCell($0.parameters),
            TableCell($0.multiplyAdds == 0 ? "–" : giga($0.multiplyAdds)),
          ]
        }))
    page.prose(
      """
      **Names to look up**

      - *NiN* (2013) puts 1×1 convolutions between the others, and takes the mean of each map at the end.
      - *GoogLeNet* (2014) computes 1×1, 3×3 and 5×5 convolutions of the same input and puts their maps side by side.
      - *Pre-activation* (He et al. 2016) is a residual block with norm and ReLU in front of each convolution and nothing after the sum.
      - *DCGAN* (2016) turns random numbers into pictures, with convolutions that make maps larger, not smaller.
      - *DenseNet* (2017) hands every map to all later layers of its stage, side by side instead of added.
      - *MobileNet* (2017) splits a convolution into a 3×3 within each channel and a 1×1 across channels. That takes far fewer multiply-adds.
      - *SENet* (2018) multiplies each channel by a number between 0 and 1, which a small net computes from all channels.
      - *EfficientNet* (2019) makes depth, width and the size of the pictures grow together.
      - *Vision transformer* (2021) cuts the picture into patches and treats them like words. Its blocks are residual, too.
      - *ConvNeXt* (2022) is a ResNet with details taken from transformers, and about as good as they are.
      """)
  }

  /// The reader's photograph.
  static func addPhotograph(to page: inout Page, _ photograph: Photograph) {
    page.figure(
      Figure(
        "\(photograph.title): \(photograph.answers[0].name), \(percent(photograph.answers[0].probability))",
        .images(ImageGrid(columns: 1, [photograph.picture])), caption: "The picture given with --image.",
        name: "photograph"))
    page.table(
      Table(
        "The five best classes", columns: ["class", .init("probability (%)", digits: 2)],
        rows: photograph.answers.map { [TableCell($0.name), TableCell(100 * $0.probability)] }))
    page.fold("How it was done") { $0.code("photograph", in: "Photograph.swift") }
  }

  /// How to give one.
  static func addWeights(to page: inout Page) {
    page.prose(
      """
      **Published weights, and a photograph of yours**

      The weights of all these networks but S3's AlexNet are published for PyTorch. Saved as a safetensors file they fit the \
      networks built here, name for name. With them this chapter classifies a photograph of yours:

      ```text
      swift run ch11-deeper-networks --model resnet50 --weights FILE \\
        --image PHOTO.png --labels NAMES.txt
      ```

      `./workbook predict` does the same without the page.
      """)
    page.code("photograph", in: "Photograph.swift")
  }
}
