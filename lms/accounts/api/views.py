from typing import cast

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import permissions, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from .. import services
from ..models import User
from .serializers import CredentialsSerializer, TokenSerializer
from .throttles import AccountThrottle, ClientThrottle


class TokenView(APIView):
    """The caller's API token."""

    @property
    def asks_for_token(self) -> bool:
        return self.request.method == "POST"

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Whoever asks for a token is judged by e-mail and password alone, not by an old token or session."""
        return [] if self.request and self.asks_for_token else super().get_authenticators()

    def get_permissions(self) -> list[BasePermission]:
        return [permissions.AllowAny()] if self.asks_for_token else [permissions.IsAuthenticated()]

    def get_throttles(self) -> list[BaseThrottle]:
        return [ClientThrottle(), AccountThrottle()] if self.asks_for_token else []

    @extend_schema(
        summary="Get a token",
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            400: OpenApiResponse(description="E-mail and password do not match."),
            403: OpenApiResponse(
                description="The account has a second factor: make the token on the website."
            ),
            429: OpenApiResponse(description="Too many tries: wait as long as `Retry-After` says."),
        },
    )
    def post(self, request: Request) -> Response:
        """Get a token for an e-mail address and a password. Asking again gives the same token."""
        form = CredentialsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = services.check_credentials(request._request, **form.validated_data)
        return Response({"token": services.token_for(user, at=timezone.now()).key})

    @extend_schema(summary="Revoke my token", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Revoke the caller's own token. Without one, nothing happens."""
        user = cast(User, request.user)
        services.revoke_token(user, by=user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
