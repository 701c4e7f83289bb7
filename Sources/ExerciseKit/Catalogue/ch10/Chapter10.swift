// The exercises of chapter 10, in order.

extension Catalogue {
  package static let chapter10: [any AnyExercise] = []
}
