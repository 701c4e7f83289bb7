// Weights by name, strictly matched.

import NeuralNetworks
import Tensors
import Testing
import Training

@Suite struct StateDictTests {
  @Test("a state has parameters and buffers under torchvision's names")
  func names() throws {
    #expect(
      try smallModel().stateDict.names == [
        "fc1.weight", "fc1.bias", "bn1.weight", "bn1.bias", "fc2.weight", "fc2.bias", "bn1.running_mean",
        "bn1.running_var",
      ])
  }

  @Test("weights saved and loaded give the same outputs bit for bit")
  func roundTrip() throws {
    let scratch = try Scratch()
    var first = try smallModel(seed: 1)
    var second = try smallModel(seed: 2)
    let points = clouds(9, seed: 3).inputs
    #expect(first.forward(points) != second.forward(points))
    try first.save(to: scratch.file("w"))
    try second.load(contentsOf: scratch.file("w"))
    #expect(first.forward(points) == second.forward(points))
  }

  @Test("everything that does not fit is listed, and the model stays as it was")
  func mismatch() throws {
    let scratch = try Scratch()
    var tensors = try smallModel().stateDict.tensors
    tensors["fc1.weight"] = Tensor(zeros: [8, 3])
    tensors["fc9.weight"] = tensors.removeValue(forKey: "fc2.bias")
    tensors["bn1.num_batches_tracked"] = Tensor([], [5])
    try Safetensors.write(tensors, to: scratch.file("w"))
    var model = try smallModel(seed: 4)
    let before = model.stateDict
    let text = message { try model.load(contentsOf: scratch.file("w")) }
    #expect(
      text == scratch.file("w") + " does not fit the model: fc1.weight: file has [8, 3], the model needs [8, 2]; "
        + "missing: fc2.bias; unexpected: fc9.weight")
    #expect(message { try model.load(StateDict(tensors)) } != nil)
    #expect(model.stateDict == before)
  }

  @Test("PyTorch's batch counters are passed over")
  func counters() throws {
    let scratch = try Scratch()
    let source = try smallModel(seed: 1)
    var stored = source.stateDict.tensors.mapValues(StoredTensor.floats)
    stored["bn1.num_batches_tracked"] = .integers([], [1875])
    try Safetensors.write(stored, to: scratch.file("w"))
    var model = try smallModel(seed: 2)
    try model.load(contentsOf: scratch.file("w"))
    #expect(model.stateDict == source.stateDict)
  }

  @Test("one NaN in the last tensor leaves the model as it was")
  func poisoned() throws {
    let scratch = try Scratch()
    var tensors = try smallModel(seed: 1).stateDict.tensors
    tensors["bn1.running_var"] = Tensor([8], repeating: .nan)
    try Safetensors.write(tensors, to: scratch.file("w"))
    var model = try smallModel(seed: 2)
    let before = model.stateDict
    #expect(message { try model.load(contentsOf: scratch.file("w")) }?.contains("finite numbers") == true)
    #expect(model.stateDict == before)
  }
}
