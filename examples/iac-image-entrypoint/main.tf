terraform {
  # The folder that Windlass restores before the entry point runs, and saves after it: `state: store`.
  backend "local" {
    path = "store/terraform.tfstate"
  }
}

variable "area" {
  type = string
}

variable "region" {
  type = string
}

variable "account_id" {
  type = string
}

variable "owner" {
  type = string
}

resource "terraform_data" "network" {
  input = { name = "network-${var.area}", region = var.region, account = var.account_id, owner = var.owner }
}

output "network" {
  value = terraform_data.network.output
}
