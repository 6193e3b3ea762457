from django.urls import path
from rest_framework.routers import SimpleRouter

from .views import CourseViewSet, FactList, ModuleViewSet

router = SimpleRouter()
router.register("courses", CourseViewSet, basename="api-course")
router.register("modules", ModuleViewSet, basename="api-module")

urlpatterns = [
    *router.urls,
    path("modules/<slug:key>/facts/", FactList.as_view(), name="api-module-facts"),
]
