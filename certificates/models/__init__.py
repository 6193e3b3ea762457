from .certificates import Certificate, CertificateFile, CertificatePart, SerialCounter
from .definitions import CertificateDefinition, DefinitionPartner

__all__ = [
    "Certificate",
    "CertificateDefinition",
    "CertificateFile",
    "CertificatePart",
    "DefinitionPartner",
    "SerialCounter",
]
