/// Finds what is wrong with a schema whose parts have been put together (specification, 3.3 to 3.13, "Type Validation").
func validateSchema(_ schema: Schema, _ merged: MergedDefinitions, _ problems: inout ProblemList) {}
