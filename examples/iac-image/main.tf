terraform {
  required_version = ">= 1.10"
  # No backend: with `state: managed` in the account mapping, Windlass gives the module one in the area's bucket.
}

# Every module gets these two.
variable "area" {
  description = "Where this runs, such as staging."
  type        = string
}

variable "region" {
  description = "The area's AWS region."
  type        = string
}

# Others come from the account mapping's `variables`.
variable "size" {
  description = "How large the network is to be."
  type        = string
  default     = "small"
}

# Built into Terraform, so this example changes nothing in your account. Yours has real resources here.
resource "terraform_data" "network" {
  input = { name = "network-${var.area}", region = var.region, size = var.size }
}

output "network" {
  value = terraform_data.network.output
}
