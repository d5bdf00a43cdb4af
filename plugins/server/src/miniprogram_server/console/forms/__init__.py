"""What a form says, read and bounded: fields, uploads, audiences, the arguments of a verb."""
